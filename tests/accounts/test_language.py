"""The language switch: a plain link that keeps the reader's place, is remembered, and never leads
to somebody else's site.
"""

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from storefront.orders.states import Status
from tests.shopping import Customer, Elements, bring, hooked, let_in, order_in, reveal_page, stock

pytestmark = pytest.mark.django_db


@pytest.fixture
def olga() -> Customer:
    return Customer()


def switch(page: str, code: str) -> str:
    """Where the page's link to that language leads."""
    (link,) = hooked(page, f"language-{code}")
    return link["href"]


def language_of(page: str) -> str:
    return Elements(page).tags[0][1]["lang"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/products/",
        "/products/?q=%D1%8F%D0%B1%D0%BB%D0%BE%D0%BA%D0%BE+%26+co&type=voucher&sort=price",
        "/products/apple/",
        "/products/apple/?utm=1&a=%2F%2Fevil.example",
        "/cart/",
        "/checkout/",
    ],
)
def test_the_switch_keeps_path_and_query_there_and_back(olga: Customer, path: str) -> None:
    olga.add(stock())
    english = olga.get(path).content.decode()
    assert language_of(english) == "en"

    answer = olga.get(switch(english, "ru"))
    assert (answer.status_code, answer["Location"]) == (302, f"/ru{path}")
    russian = olga.get(answer["Location"])
    assert (language_of(russian.content.decode()), russian["Content-Language"]) == ("ru", "ru")

    answer = olga.get(switch(russian.content.decode(), "en"))
    assert (answer.status_code, answer["Location"]) == (302, path)


def test_both_languages_are_offered_and_one_is_current(olga: Customer) -> None:
    page = olga.get("/ru/").content.decode()
    (english,), (russian,) = hooked(page, "language-en"), hooked(page, "language-ru")
    assert "aria-current" in russian
    assert "aria-current" not in english
    assert (english["hreflang"], russian["hreflang"]) == ("en", "ru")


def test_every_page_of_the_shop_has_a_russian_address() -> None:
    with override("ru"):
        assert reverse("catalog:home") == "/ru/"
        assert reverse("catalog:list") == "/ru/products/"
        assert reverse("cart:detail") == "/ru/cart/"
        assert reverse("checkout:checkout") == "/ru/checkout/"
        assert reverse("orders:detail", args=["K7QF"]) == "/ru/orders/K7QF/"
    assert Customer().get("/ru/health/live").status_code == 404, "probes have one address"


@pytest.mark.parametrize("sent", ["cart/add", "checkout", "reveal"])
def test_an_answer_to_a_form_switches_to_the_page_the_form_stood_on(
    olga: Customer, sent: str
) -> None:
    """The form's own address takes no visits."""
    apple = stock()
    if sent == "cart/add":
        stood_on, path, form = "/products/apple/?q=1", "/cart/add/", {"sku": apple.pk}
    elif sent == "checkout":
        olga.add(apple)
        stood_on, path, form = "/checkout/", "/checkout/", {}
    else:
        order = order_in(Status.COMPLETED)
        let_in(olga, order)
        stood_on = f"/orders/{order.number}/"
        path, form = reveal_page(order, bring(order, "PIN-1")), {}
    page = olga.post(path, form, headers={"referer": f"http://testserver{stood_on}"})

    answer = olga.get(switch(page.content.decode(), "ru"))
    assert answer["Location"] == f"/ru{stood_on}"
    assert olga.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("referer", [None, "", "https://evil.example/products/", "http://[", "\\"])
def test_without_a_page_of_ours_it_stood_on_the_switch_leads_home(
    olga: Customer, referer: str | None
) -> None:
    headers = {} if referer is None else {"referer": referer}
    page = olga.post("/cart/add/", {"sku": stock().pk}, headers=headers).content.decode()
    assert olga.get(switch(page, "ru"))["Location"] == "/ru/"


ELSEWHERE = [
    "//evil.example", "///evil.example", "\\\\evil.example", "/\\evil.example", "\\/evil.example",
    "https:evil.example", "https:///evil.example", "https://evil.example/", "http://evil.example",
    "HTTPS://EVIL.EXAMPLE", "javascript:alert(1)", "data:text/html,x", "evil.example", "mailbox",
    "language", "catalog:home", "?x=1", "#x", "", " ", " //evil.example", "\t//evil.example",
    "/\t/evil.example", "\x00//evil.example", "//evil.example\\@testserver",
    "https://testserver@evil.example/", "//testserver:80@evil.example", "http://[", "ftp://testserver/",
    "/\r\nSet-Cookie: session=x", "/" + "a" * 20_000,
]  # fmt: skip


@pytest.mark.parametrize("after", ELSEWHERE)
@pytest.mark.parametrize("code", ["en", "ru"])
def test_f107_the_switch_never_leads_to_another_site(olga: Customer, after: str, code: str) -> None:
    answer = olga.get(f"/language/{code}/", {"next": after})
    assert answer.status_code == 302
    to = urlsplit(answer["Location"])
    assert (to.scheme, to.netloc) == ("", "")
    assert to.path.startswith("/")
    assert "\\" not in answer["Location"]
    assert not to.path.startswith("//")
    assert list(answer.cookies) == [settings.LANGUAGE_COOKIE_NAME]


def test_the_switch_leads_home_when_nothing_else_is_asked(olga: Customer) -> None:
    assert olga.get("/language/ru/")["Location"] == "/ru/"
    assert olga.get("/language/en/")["Location"] == "/"


@pytest.mark.parametrize(
    ("after", "code", "to"),
    [
        ("/products/", "ru", "/ru/products/"),
        ("/ru/products/", "ru", "/ru/products/"),
        ("/ru/products/", "en", "/products/"),
        ("/товары/", "ru", "/%D1%82%D0%BE%D0%B2%D0%B0%D1%80%D1%8B/"),
        ("/products/?q=яблоко", "ru", "/ru/products/?q=%D1%8F%D0%B1%D0%BB%D0%BE%D0%BA%D0%BE"),
        ("/admin/", "ru", "/admin/"),
        ("/ru/nothing/here/", "en", "/ru/nothing/here/"),
    ],
)
def test_any_address_of_ours_is_translated_as_far_as_it_can_be(
    olga: Customer, after: str, code: str, to: str
) -> None:
    assert olga.get(f"/language/{code}/", {"next": after})["Location"] == to


@pytest.mark.parametrize("code", ["de", "RU", "ru-RU", "x", "en-us"])
def test_a_language_the_shop_has_not_is_not_there(olga: Customer, code: str) -> None:
    assert olga.get(f"/language/{code}/").status_code == 404
    assert settings.LANGUAGE_COOKIE_NAME not in olga.cookies


def test_the_choice_is_remembered_for_a_year_and_the_home_page_leads_to_it(olga: Customer) -> None:
    olga.get("/language/ru/")
    cookie = olga.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie.value, cookie["max-age"], cookie["path"]) == ("ru", 365 * 24 * 3600, "/")
    assert cookie["samesite"] == "Lax"

    answer = olga.get("/?from=mail")
    assert (answer.status_code, answer["Location"]) == (302, "/ru/?from=mail")
    assert "Cookie" in answer["Vary"]
    assert olga.get("/ru/").status_code == 200, "and no further"
    assert olga.get("/products/").status_code == 200, "an address that was given is kept"


def test_the_home_page_is_english_for_who_chose_it_or_nothing_or_nonsense(olga: Customer) -> None:
    assert "Cookie" in olga.get("/")["Vary"]
    for code in ("en", "de", "ru' --", ""):
        olga.cookies[settings.LANGUAGE_COOKIE_NAME] = code
        answer = olga.get("/")
        assert answer.status_code == 200
        assert "Cookie" in answer["Vary"], "the next reader may have chosen otherwise"


def test_switching_back_is_remembered_too(olga: Customer) -> None:
    olga.get("/language/ru/")
    olga.get("/language/en/?next=/ru/")
    assert olga.get("/").status_code == 200
