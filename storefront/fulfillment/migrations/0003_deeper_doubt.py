"""Count the requests without a clear answer instead of only knowing that there was one."""

from django.db import migrations, models
from django.db.models import F


def count_what_was_ambiguous(apps, schema_editor):
    """Each request of a purchase in doubt may be the one that was taken."""
    purchases = apps.get_model("fulfillment", "Purchase").objects
    purchases.filter(is_ambiguous=True).update(unanswered=F("posts"))
    purchases.exclude(partner_order_id="").update(is_claimed=True)


class Migration(migrations.Migration):
    dependencies = [("fulfillment", "0002_append_only")]

    operations = [
        migrations.AddField("purchase", "unanswered", models.PositiveSmallIntegerField(default=0)),
        migrations.AddField("purchase", "is_claimed", models.BooleanField(default=False)),
        migrations.AddField("purchase", "has_news", models.BooleanField(default=False)),
        migrations.AddField(
            "purchase", "partner_status_at", models.DateTimeField(blank=True, null=True)
        ),
        migrations.AlterField("purchase", "misses", models.PositiveIntegerField(default=0)),
        migrations.RunPython(count_what_was_ambiguous, migrations.RunPython.noop),
        migrations.RemoveField("purchase", "is_ambiguous"),
    ]
