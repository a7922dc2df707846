"""What a customer agrees to before paying for digital goods, word for word, by version.

A text that changes gets a new version; the old ones stay, because rows point at them.
"""

from django.utils.translation import gettext_lazy as _

VERSION = "2026-11"

# Code -> the sentence beside the box. Neither box is ever ticked for the customer.
TEXTS = {
    "start": _("Deliver my order right away, before the withdrawal period ends."),
    "withdrawal": _("I know that I lose my right of withdrawal once the code is delivered."),
}
