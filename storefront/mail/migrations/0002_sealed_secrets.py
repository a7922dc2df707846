"""A mail may hold more secrets than one link."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("mail", "0001_initial")]

    operations = [
        migrations.RenameField(model_name="message", old_name="sealed_url", new_name="sealed"),
    ]
