"""How long payments wait. WAIT_SCALE shortens it in demonstrations and tests."""

from datetime import timedelta

from django.conf import settings

# A page that may have been paid is asked about this often; so is what a call left unclear. Two of
# them and a sweep are less than the two minutes within which a payment is known without webhooks.
CHECK = timedelta(seconds=45 * settings.WAIT_SCALE)
# The provider's page closes so long after it was asked for; Stripe takes no less than half an hour.
# It never gets longer or shorter: a repeated call must ask for the same.
PAGE = timedelta(minutes=35)
