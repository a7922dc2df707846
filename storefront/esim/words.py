"""What an eSIM's state means, in plain words, and what to do next."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from storefront.esim.states import State


class Words(NamedTuple):
    """One sentence, and what to do."""

    sentence: Promise
    hint: Promise


WORDS: dict[State, Words] = {
    State.UNKNOWN: Words(
        _("We have no news of this eSIM yet"),
        _("You can install it all the same."),
    ),
    State.RELEASED: Words(
        _("Ready to install"),
        _("Install it over Wi-Fi, best before you leave."),
    ),
    State.INSTALLED: Words(
        _("Installed"),
        _("Switch data roaming on for this eSIM when you arrive."),
    ),
    State.USED_UP: Words(
        _("All data is used up"),
        _("Add data to go on with the same eSIM, if it can be topped up."),
    ),
    State.EXPIRED: Words(
        _("The plan has ended"),
        _("Add data to go on with the same eSIM, if it can be topped up."),
    ),
}
