"""What an older release delivered gets its page: once, and whatever can't be opened is left."""

from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils.timezone import now

from partner_api.secret import Secret
from storefront.esim.models import Esim
from storefront.orders import actions as orders
from storefront.orders.goods import Goods
from storefront.orders.models import Delivery
from storefront.orders.states import Status
from tests.esim.test_pages import LPA, NUMBER
from tests.shopping import order_in, stock

pytestmark = pytest.mark.django_db


def delivered(number: str) -> Delivery:
    """An eSIM of the time before there were rows for them."""
    order = order_in(Status.COMPLETED)
    source = uuid4()
    goods = [Goods(code=Secret(f"{LPA}{number[-4:]}"), extra=(("ICCID", Secret(number)),))]
    orders.deliver(line=order.lines.get(), source=source, goods=goods, now=now())
    return Delivery.objects.get(source=source)


def adopt() -> str:
    out = StringIO()
    call_command("adopt_esims", stdout=out)
    return out.getvalue()


def test_each_gets_its_page_once() -> None:
    stock("Japan", product={"type": "esim"})
    first, broken = delivered(NUMBER), delivered("8" * 19)
    Delivery.objects.filter(pk=broken.pk).update(sealed=b"\x01nonsense")
    assert adopt().startswith("1 eSIMs adopted, 1 left")
    esim = Esim.objects.get()
    assert (esim.delivery, esim.parts.number) == (first, Secret(NUMBER))
    assert esim.due_at is not None, "and it is asked about"
    assert adopt().startswith("0 eSIMs adopted, 1 left")
