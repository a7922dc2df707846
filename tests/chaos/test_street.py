"""Every page as the street sees it: a real server of a real shop's settings, behind a proxy that
speaks TLS, walked by a stranger, a customer and the owner. Headers, foreign hosts, dead links, and
parameters that lead elsewhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
import requests
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from tests.chaos import judge
from tests.chaos.crawl import kind_of, walk
from tests.chaos.customer import Customer
from tests.shopping import Elements, fields_of
from tests.stack import Stack, wait_for

pytestmark = [pytest.mark.stack, pytest.mark.timeout(240)]

HOST = "shop.example"
OWNER, PASSWORD = "street@example.com", "the owner's Long passphrase"
START = ["/", "/products/", "/esim-plans/", "/cart/", "/checkout/", "/orders/find/", "/account/",
         "/account/sign-in/", "/esims/", "/robots.txt", "/sitemap.xml", "/finance/",
         "/admin/"]  # fmt: skip
# Where links may lead besides: they carry no referrer, and nothing is loaded from there.
LEADING_OUT: set[str] = set()
NAMES = ["next", "url", "redirect", "redirect_to", "redirect_url", "return", "return_to",
         "returnUrl", "back", "continue", "to", "dest", "goto", "after", "_popup"]  # fmt: skip
FOREIGN = ["https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example",
           "\\\\evil.example", "javascript:alert(1)", "https:evil.example", "/%2f/evil.example",
           "\t//evil.example", "https://shop.example@evil.example/"]  # fmt: skip


@dataclass
class Walked:
    """Who walked, and what each address answered."""

    shop: Stack
    browser: requests.Session
    pages: dict[str, requests.Response]


class Street(Stack):
    """The shop by its name."""

    url = f"https://{HOST}"


class Proxy(HTTPAdapter):
    """What stands between the street and the shop: ends TLS, says so, and who came."""

    def __init__(self, inside: str) -> None:
        super().__init__()
        self.inside = inside

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        """Pass the request on."""
        outside = str(request.url)
        request.url = outside.replace(f"https://{HOST}", self.inside, 1)
        request.headers.update(
            {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
        )
        answer = super().send(request, *args, **kwargs)
        request.url = answer.url = outside
        return answer


def somebody(street: Stack) -> requests.Session:
    """A fresh browser on the street; its pages say where they came from."""
    browser = requests.Session()
    browser.mount(street.url, Proxy(f"http://127.0.0.1:{street.web_port}"))
    browser.headers["Referer"] = f"{street.url}/"
    return browser


@pytest.fixture(scope="module")
def street(hurried: Stack) -> Iterator[Street]:
    """The shop's processes, told of their name and their proxy."""
    inside = hurried.environment.copy()
    hurried.kill("web")
    hurried.environment |= {"SITE_URL": Street.url, "TRUSTED_PROXIES": "1"}
    hurried.start("web")
    wait_for(lambda: hurried.answers("/health/ready"))
    yield Street(**vars(hurried))
    hurried.kill("web")
    hurried.environment = inside


def bought(shop: Stack, email: str) -> Customer:
    """Somebody with an order whose code came."""
    customer = Customer(shop, email=email, browser=somebody(shop)).buy()
    judge.everything_settles(shop)
    return customer


@pytest.fixture(scope="module")
def stranger(street: Stack) -> Walked:
    """Nobody in particular."""
    return walked(street, somebody(street))


@pytest.fixture(scope="module")
def customer(street: Stack) -> Walked:
    """Signed in by a mailed code, with an order."""
    alice = bought(street, "street-alice@example.com")
    asked = alice.get("/account/sign-in/").text
    shown = alice.post("/account/sign-in/", asked, email=alice.email).text

    def mailed() -> re.Match[str] | None:
        of_hers = [text for path in (street.folder / "mail").glob("*.log")
                   if alice.email in (text := path.read_text())]  # fmt: skip
        return next(
            filter(None, (re.search(r"^ +(\d{6})$", text, re.MULTILINE) for text in of_hers)), None
        )

    code: re.Match[str] = wait_for(mailed)
    alice.post("/account/code/", shown, code=code[1])
    assert alice.email in alice.get("/account/").text
    return walked(street, alice.browser, alice.path)


@pytest.fixture(scope="module")
def owner(street: Stack) -> Walked:
    """The owner, who is let in everywhere."""
    street.environment["DJANGO_SUPERUSER_PASSWORD"] = PASSWORD
    street.manage("createsuperuser", "--no-input", "--email", OWNER)
    olga = bought(street, OWNER)
    login = olga.get("/admin/login/").text
    olga.post("/admin/login/", login, username=OWNER, password=PASSWORD, next="/admin/")
    return walked(street, olga.browser, olga.path)


def walked(shop: Stack, browser: requests.Session, *more: str) -> Walked:
    """In both languages."""
    start = [*START, *more]
    russian = [
        f"/ru{path}" for path in start if not path.startswith(("/admin", "/robots", "/site"))
    ]
    return Walked(shop, browser, walk(browser, shop.url, [*start, *russian]))


@pytest.fixture(params=["stranger", "customer", "owner"])
def walk_of(request: pytest.FixtureRequest) -> Walked:
    """Each of them."""
    found: Walked = request.getfixturevalue(request.param)
    return found


def answers_of(walk_of: Walked) -> list[requests.Response]:
    """All of them, the redirects on the way too."""
    return [part for page in walk_of.pages.values() for part in (*page.history, page)]


def test_each_walk_went_everywhere(stranger: Walked, customer: Walked, owner: Walked) -> None:
    def kinds(walk_of: Walked) -> set[str]:
        return {kind_of(urlsplit(page.url).path) for page in walk_of.pages.values()}

    for path in ("/", "/products/", "/products/*/", "/ru/products/*/", "/cart/", "/orders/find/"):
        assert path in kinds(stranger) & kinds(customer) & kinds(owner), path
    assert {"/account/", "/orders/*/", "/orders/*/receipt/"} <= kinds(customer) - kinds(stranger)
    assert {"/admin/orders/order/*/change/", "/finance/"} <= kinds(owner) - kinds(customer)
    assert len(stranger.pages) > 30
    assert len(owner.pages) > 150


def test_no_link_is_dead(walk_of: Walked) -> None:
    dead = {path for path, page in walk_of.pages.items() if not page.ok}
    # A demonstration's mailbox opens to its own machine alone; a real shop has none.
    assert dead == {"/demo/mail/", "/ru/demo/mail/"}


def test_every_answer_carries_what_holds_browsers_back(walk_of: Walked) -> None:
    for answer in answers_of(walk_of):
        path, headers = urlsplit(answer.url).path, answer.headers
        expected = {
            "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
        }
        assert {name: headers.get(name) for name in expected} == expected, path
        assert "camera=()" in headers["Permissions-Policy"], path
        assert re.search(r"; ?charset=utf-8|^image/|^$", headers.get("Content-Type", "")), path
        policy = headers["Content-Security-Policy"]
        for rule in ("default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'",
                     "form-action 'self'", "connect-src 'self'"):  # fmt: skip
            assert rule in policy, path
        if not path.startswith("/admin/"):
            assert "script-src 'self'" in policy, path
            assert "unsafe" not in policy, path


def test_no_page_but_the_admins_has_code_or_styles_inside(walk_of: Walked) -> None:
    for path, page in walk_of.pages.items():
        if (
            urlsplit(page.url).path.startswith("/admin/")
            or "html" not in page.headers["Content-Type"]
        ):
            continue
        for tag, attributes in Elements(page.text).tags:
            assert tag not in {"style", "iframe", "object", "embed", "base"}, path
            # A data block is not a script: browsers never run it.
            if tag == "script" and attributes.get("type") != "application/ld+json":
                assert attributes.get("src"), path
            assert not [name for name in attributes if re.match(r"style$|on|hx-on", name)], path


def test_browsers_load_and_send_here_alone(walk_of: Walked) -> None:
    for path, page in walk_of.pages.items():
        if "html" not in page.headers["Content-Type"]:
            continue
        for tag, attributes in Elements(page.text).tags:
            for name in ("href", "src", "action", "formaction", "hx-get", "hx-post", "srcset"):
                if not (url := attributes.get(name, "")):
                    continue
                parts = urlsplit(urljoin(f"https://{HOST}{path}", url.strip()))
                is_link = (tag, name) == ("a", "href")
                assert parts.scheme in ({"https", "mailto"} if is_link else {"https"}), (path, url)
                assert is_link or parts.hostname == HOST or tag == "img", (path, url)
                assert not is_link or parts.hostname in {None, HOST, *LEADING_OUT}, (path, url)


def leads_away(answer: requests.Response) -> bool:
    """As a browser reads it: backslashes are slashes, and space around it is none."""
    to = answer.headers.get("Location", "").strip().replace("\\", "/")
    parts = urlsplit(urljoin(f"https://{HOST}/", to))
    return bool(to) and (parts.scheme, parts.netloc) != ("https", HOST)


@pytest.mark.parametrize(
    "walk_of",
    ["stranger", "customer", pytest.param("owner", marks=pytest.mark.slow)],
    indirect=True,
)
def test_no_parameter_leads_elsewhere(walk_of: Walked) -> None:
    """Whatever the page: all the names that pages use for the way on, one bad value at a time."""
    tried, away = set(), []
    for path in [*walk_of.pages, "/language/ru/", "/language/en/", "/ru/admin/login/"]:
        kind = kind_of(path)
        if kind in tried or kind.endswith("?"):
            continue
        tried.add(kind)
        for value in FOREIGN:
            answer = walk_of.browser.get(
                walk_of.shop.url + path.partition("?")[0],
                params=dict.fromkeys(NAMES, value),
                allow_redirects=False,
                timeout=30,
            )
            if leads_away(answer):
                away.append((path, value, answer.headers["Location"]))
    assert away == []


def test_no_form_of_a_strangers_leads_elsewhere(stranger: Walked) -> None:
    """Each form, filled in with what is shown and a foreign way on beside it."""
    forms = {}
    for path, page in stranger.pages.items():
        for form in re.findall(r"<form\b.*?</form>", page.text, re.DOTALL):
            tag = Elements(form).tags[0][1]
            if tag.get("method", "").lower() == "post":
                forms[kind_of(urlsplit(urljoin(page.url, tag.get("action", path))).path)] = form
    assert {"/cart/add/", "/account/sign-in/", "/admin/login/"} <= set(forms)
    for (path, form), value in product(forms.items(), FOREIGN[:6]):
        answer = stranger.browser.post(
            stranger.shop.url + path,
            data=fields_of(form) | dict.fromkeys(NAMES, value),
            params=dict.fromkeys(NAMES, value),
            allow_redirects=False,
            timeout=30,
        )
        assert answer.status_code < 500, path
        assert not leads_away(answer), (path, value, answer.headers["Location"])


def test_the_staff_door_leads_nowhere_else_after_the_right_password(owner: Walked) -> None:
    for value in FOREIGN[:5]:
        browser = somebody(owner.shop)
        door = f"{owner.shop.url}/admin/login/"
        shown = fields_of(browser.get(door, timeout=30).text)
        answer = browser.post(
            door,
            data=shown | {"username": OWNER, "password": PASSWORD, "next": value},
            allow_redirects=False,
            timeout=30,
        )
        assert answer.status_code == 302, value
        assert not leads_away(answer), (value, answer.headers["Location"])
