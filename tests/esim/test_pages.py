"""What an eSIM's owner sees, and nobody else: what installs it, what is left, what went wrong."""

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import zxingcpp
from django.test import Client
from django.utils.timezone import now

from partner_api.secret import Secret
from storefront.catalog.models import Product
from storefront.esim import actions as esims
from storefront.esim.models import Esim
from storefront.esim.states import State
from storefront.orders import actions as orders
from storefront.orders.goods import Goods
from storefront.orders.models import Order, Reveal
from storefront.orders.states import Status
from tests.shopping import Customer, Elements, let_in, order_in, stock

pytestmark = pytest.mark.django_db

LPA = "LPA:1$rsp-3104.idemia.io$ABC-123-DEF"
NUMBER = "8944422711108338982"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"


@dataclass
class Owned:
    """Alice's eSIM and her browser."""

    alice: Customer
    order: Order
    esim: Esim

    @property
    def page(self) -> str:
        return f"/esims/{self.esim.pk}/"

    def says(self, **columns: object) -> str:
        """The page when the partner last said this."""
        Esim.objects.filter(pk=self.esim.pk).update(**columns)
        return str(self.alice.get(self.page).content.decode())


def own(lpa: str = LPA, number: str = NUMBER) -> Owned:
    if not Product.objects.exists():
        stock("Japan", product={"type": "esim"})
    order = order_in(Status.COMPLETED)
    line = order.lines.get()
    source = uuid4()
    goods = [Goods(code=Secret(lpa), extra=(("ICCID", Secret(number)),))]
    orders.deliver(line=line, source=source, goods=goods, now=now())
    esims.adopt(source=source, goods=goods, now=now())
    orders.release(order=order, now=now())
    alice = Customer()
    let_in(alice, order)
    return Owned(alice, order, Esim.objects.get(delivery__source=source))


@pytest.fixture
def owned() -> Owned:
    return own()


def hooks(page: str) -> dict[str, dict[str, str]]:
    """The page's test hooks with their attributes, in order."""
    return {
        found["data-testid"]: {"tag": tag, **found}
        for tag, found in Elements(page).tags
        if "data-testid" in found
    }


def scanned(page: str) -> str:
    """What a camera reads off the QR code that the page draws."""
    frame = page[page.index('data-testid="esim-qr"') :]
    size = int(re.search(r'viewBox="0 0 (\d+) ', frame)[1])  # type: ignore[index]
    path = re.search(
        r'<path[^>]*stroke="#000"[^>]* d="([^"]+)"|<path[^>]* d="(M[^"]+)"[^>]*stroke="#000"', frame
    )
    assert path is not None
    scale = int(re.search(r'transform="scale\((\d+)\)"', frame)[1])  # type: ignore[index]
    modules = size // scale
    rows = [bytearray(b"\xff" * modules) for _ in range(modules)]
    x, y = 0, 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", path[1] or path[2]):
        values = [float(number) for number in numbers.split()]
        if command == "h":
            rows[int(y)][x : x + int(values[0])] = b"\0" * int(values[0])
            x += int(values[0])
        else:
            x, y = (
                (int(values[0]), values[1])
                if command == "M"
                else (x + int(values[0]), y + values[1])
            )
    grown = b"".join(bytes(value for value in row for _ in range(4)) * 4 for row in rows)
    image = memoryview(grown).cast("B", [modules * 4, modules * 4])
    (found,) = zxingcpp.read_barcodes(image)
    return str(found.text)


@pytest.mark.parametrize("lpa", [LPA, "LPA:1$a.example$", "LPA:1$smdp.example$K2-0A$1.3.6.1$1"])
def test_the_code_on_the_page_is_the_exact_lpa_string(lpa: str) -> None:
    owned = own(lpa)
    page = owned.alice.get(owned.page).content.decode()
    assert scanned(page) == lpa
    assert scanned(owned.alice.get(f"{owned.page}card/").content.decode()) == lpa
    assert f'data-testid="esim-lpa">{lpa}<' in page


def test_nobody_else_sees_it(owned: Owned) -> None:
    mallory = Customer()
    let_in(mallory, order_in(Status.COMPLETED))
    for client in (mallory, Client()):
        for path in (owned.page, f"{owned.page}card/", f"/esims/of/{owned.esim.delivery_id}/"):
            theirs = client.get(path)
            absent = client.get(path.replace(str(owned.esim.pk), str(uuid4())))
            assert theirs.status_code == 404
            assert absent.status_code == 404
        assert client.post(f"{owned.page}refresh/").status_code == 404
        assert str(owned.esim.pk) not in client.get("/esims/").content.decode()
    assert not Reveal.objects.exists()


def test_each_look_at_what_installs_it_is_written_down(owned: Owned) -> None:
    answer = owned.alice.get(owned.page)
    assert "no-store" in answer["Cache-Control"]
    assert "noindex" in answer["X-Robots-Tag"]
    owned.alice.get(f"{owned.page}card/")
    assert [look.channel for look in Reveal.objects.all()] == ["esim", "print"]
    owned.alice.head(owned.page)
    assert Reveal.objects.count() == 2


def test_of_a_frozen_order_nothing_new_is_shown(owned: Owned) -> None:
    Order.objects.update(frozen_at=now(), frozen_because="dispute")
    page = owned.alice.get(owned.page).content.decode()
    assert LPA not in page
    assert "esim-qr" not in hooks(page)
    assert owned.alice.get(f"{owned.page}card/").status_code == 404
    assert not Reveal.objects.exists()


def test_the_number_is_nowhere_on_the_pages(owned: Owned) -> None:
    for path in (owned.page, "/esims/", f"{owned.page}card/"):
        assert NUMBER not in owned.alice.get(path).content.decode()


def test_one_tap_links_carry_the_string_and_nothing_else(owned: Owned) -> None:
    found = hooks(owned.alice.get(owned.page).content.decode())
    data = "?carddata=LPA%3A1%24rsp-3104.idemia.io%24ABC-123-DEF"
    assert found["esim-install-ios"]["href"].endswith(data)
    assert found["esim-install-android"]["href"].endswith(data)


@pytest.mark.parametrize(
    "lpa",
    ["LPA:1$", "LPA:2$a.example$B", "LPA:1$a.example/x$B", "LPA:1$a b$C", 'LPA:1$a"><script>$C'],
)
def test_a_malformed_string_is_neither_drawn_nor_linked_but_shown(lpa: str) -> None:
    owned = own(lpa)
    page = owned.alice.get(owned.page).content.decode()
    found = hooks(page)
    assert not {"esim-qr", "esim-install-ios", "esim-install-android"} & set(found)
    assert "esim-lpa" in found
    assert "<script>$C" not in page


def test_a_phone_is_offered_the_link_first(owned: Owned) -> None:
    desktop = owned.alice.get(owned.page).content.decode()
    phone = owned.alice.get(owned.page, headers={"user-agent": IPHONE}).content.decode()
    assert "on-phone" in phone
    assert "on-phone" not in desktop


def test_what_is_not_known_is_not_shown_as_nothing(owned: Owned) -> None:
    page = owned.says(state=State.INSTALLED, data_total=None, data_remaining=None)
    assert "is not told for this plan" in page
    assert "ring" not in page
    page = owned.says(data_total=Decimal(0), data_remaining=Decimal(0))
    assert "is not told for this plan" in page
    page = owned.says(data_total=Decimal(10), data_remaining=Decimal("8.5"), data_unit="GB")
    assert "8.5\N{NO-BREAK SPACE}GB of 10\N{NO-BREAK SPACE}GB left" in page


def test_an_unknown_text_is_shown_as_it_came_and_escaped(owned: Owned) -> None:
    page = owned.says(state=State.UNKNOWN, status_text="Paused <b>by</b> carrier")
    assert "Paused &lt;b&gt;by&lt;/b&gt; carrier" in page


@pytest.mark.parametrize(
    ("state", "code"),
    [
        (State.RELEASED, "not-installed"),
        (State.INSTALLED, "no-data"),
        (State.USED_UP, "used-up"),
        (State.EXPIRED, "expired"),
    ],
)
def test_the_fault_finder_opens_what_the_status_points_to(
    owned: Owned, state: State, code: str
) -> None:
    page = owned.says(state=state)
    first = next(found for tag, found in Elements(page).tags if found.get("data-code"))
    assert (first["data-code"], "open" in first) == (code, True)


def test_a_refresh_without_an_answer_says_so_and_keeps_what_was_known(owned: Owned) -> None:
    told = now() - timedelta(hours=3)
    owned.says(state=State.INSTALLED, checked_at=told, data_total=10, data_remaining=4)
    answer = owned.alice.post(f"{owned.page}refresh/", follow=True)
    page = answer.content.decode()
    assert "No answer just now" in page
    assert "ago" in page
    assert Esim.objects.get().checked_at == told
    again = owned.alice.post(f"{owned.page}refresh/", follow=True).content.decode()
    assert "No answer just now" in again or "less than five minutes" in again


def test_the_orders_page_leads_to_it(owned: Owned) -> None:
    page = owned.alice.get(f"/orders/{owned.order.number}/").content.decode()
    path = hooks(page)["esim-open"]["href"]
    assert owned.alice.get(path)["Location"] == owned.page


def test_it_is_there_in_russian(owned: Owned) -> None:
    page = owned.alice.get(f"/ru{owned.page}").content.decode()
    assert "Установка" in page
