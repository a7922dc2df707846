"""What people write about cases, which PostgreSQL itself refuses to change."""

import django.db.models.deletion
from django.db import migrations, models

from storefront.core.appendonly import forbid_changes


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="CaseNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=120)),
                ("text", models.CharField(max_length=500)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="cases.case",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="notes_say_something"
                    )
                ],
            },
        ),
        forbid_changes("cases_casenote"),
    ]
