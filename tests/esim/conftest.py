"""The bench of fulfilment: eSIMs are bought and topped up by its protocol."""

from tests.catalog.conftest import english
from tests.fulfillment.conftest import (
    _django_db_helper,
    bench,
    partner,
    partner_client,
    till,
)

__all__ = ["_django_db_helper", "bench", "english", "partner", "partner_client", "till"]
