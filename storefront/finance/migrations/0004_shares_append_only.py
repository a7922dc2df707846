"""PostgreSQL itself refuses to change records of what happened."""

from django.db import migrations

from storefront.core.appendonly import forbid_changes


class Migration(migrations.Migration):
    dependencies = [("finance", "0003_margin")]
    operations = [forbid_changes("finance_share")]
