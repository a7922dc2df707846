from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0005_refund_permission")]

    operations = [
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["created_at"], name="payments_by_age"),
        ),
    ]
