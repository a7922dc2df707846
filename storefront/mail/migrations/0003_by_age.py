from django.db import migrations, models
from django.db.models.functions import Upper


class Migration(migrations.Migration):
    dependencies = [("mail", "0002_sealed_secrets")]

    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["created_at"], name="mails_by_age"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(Upper("to"), name="mails_by_address"),
        ),
    ]
