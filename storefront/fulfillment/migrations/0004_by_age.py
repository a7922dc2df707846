from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fulfillment", "0003_amounts")]

    operations = [
        migrations.AddIndex(
            model_name="purchase",
            index=models.Index(fields=["created_at"], name="purchases_by_age"),
        ),
    ]
