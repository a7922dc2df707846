from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_walls")]

    operations = [
        migrations.AlterModelOptions(
            name="payment",
            options={"permissions": (("refund_payment", "Can give a payment back"),)},
        ),
    ]
