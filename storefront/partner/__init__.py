"""The one place that builds the partner's client from the settings, and what guards its calls."""

from functools import cache

from django.conf import settings

from partner_api import PartnerClient, RequestsTransport

# Seconds.
HASTE = 1.3


@cache
def client() -> PartnerClient:
    """This process's client, with its own connections; made on first use, so after any fork."""
    # Imported on first use: models can't be before the settings are.
    from storefront.partner.guard import GuardedTransport  # noqa: PLC0415
    from storefront.partner.measured import MeasuredTransport  # noqa: PLC0415

    return PartnerClient(
        base_url=settings.PARTNER_API_URL,
        token=settings.PARTNER_API_TOKEN,
        secret=settings.PARTNER_API_SECRETS[0],
        paths=settings.PARTNER_PATHS,
        custom_amount_field=settings.PARTNER_CUSTOM_AMOUNT_FIELD,
        transport=GuardedTransport(MeasuredTransport(RequestsTransport())),
    )


@cache
def hasty_client() -> PartnerClient:
    """A client for pages behind which somebody waits: one try, and an answer within HASTE or none.

    It only asks, and notes nothing with the circuits: that an answer came late says little. Whoever
    calls it looks at the circuit first. Safe to use from several threads.
    """
    from storefront.partner.measured import MeasuredTransport  # noqa: PLC0415  as above

    network = RequestsTransport(connect_timeout=HASTE, read_timeout=HASTE, deadline=HASTE, tries=1)
    return PartnerClient(
        base_url=settings.PARTNER_API_URL,
        token=settings.PARTNER_API_TOKEN,
        secret=settings.PARTNER_API_SECRETS[0],
        paths=settings.PARTNER_PATHS,
        transport=MeasuredTransport(network),
    )
