from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0008_amounts")]

    operations = [
        migrations.AlterModelOptions(
            name="delivery",
            options={
                "ordering": ("source", "index"),
                "permissions": (("see_code", "Can see a customer's code, for a reason"),),
            },
        ),
    ]
