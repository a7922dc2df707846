"""What goes on is found by its status, in the order it came."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('fulfillment', '0005_open'),
        ('orders', '0009_see_code'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='purchase',
            name='purchases_open',
        ),
        migrations.AddIndex(
            model_name='purchase',
            index=models.Index(condition=models.Q(('status__in', ['held', 'in_doubt', 'in_review', 'placed', 'ready', 'sent'])), fields=['status', 'created_at'], name='purchases_open'),
        ),
    ]
