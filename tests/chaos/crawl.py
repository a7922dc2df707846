"""Every page of the shop that its owner can reach by following links, a few of each kind."""

import re
from collections import Counter, deque
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

import requests

from tests.shopping import Elements

OF_A_KIND = 2
# Would end the session, change the language, hold no page of the shop, or only sort one anew.
LEFT_OUT = re.compile(r"/(admin/logout|language|static)/|/admin/.*\?")
# What tells one page of a kind from another.
ONE_OF_MANY = re.compile(r"(?<=/)(?:[0-9]+|[0-9a-f-]{32,}|[A-Z0-9]{4}(?:-[A-Z0-9]{4})+)(?=/)")


def crawl(browser: requests.Session, site: str, start: Iterable[str]) -> dict[str, bytes]:
    """What each address answered: its headers and its body, and those of redirects on the way."""
    return {
        path: b"\n".join(whole(part) for part in (*answer.history, answer))
        for path, answer in walk(browser, site, start).items()
    }


def walk(
    browser: requests.Session, site: str, start: Iterable[str]
) -> dict[str, requests.Response]:
    """What each address answered in the end; the redirects on the way are its history."""
    waiting, found = deque(start), dict[str, requests.Response]()
    kinds: Counter[str] = Counter()
    while waiting:
        path = waiting.popleft()
        if path in found or LEFT_OUT.match(path) or kinds[kind_of(path)] >= OF_A_KIND:
            continue
        kinds[kind_of(path)] += 1
        answer = browser.get(site + path, timeout=30)
        found[path] = answer
        if "html" in answer.headers.get("Content-Type", ""):
            waiting.extend(links(answer, site))
    return found


def kind_of(path: str) -> str:
    """The same for pages that differ only in what they are about."""
    parts = urlsplit(path)
    plain = ONE_OF_MANY.sub("*", parts.path)
    plain = re.sub(r"^((?:/ru)?/products/)[^/]+/$", r"\1*/", plain)
    return f"{plain}?" if parts.query else plain


def links(answer: requests.Response, site: str) -> list[str]:
    """Where the page leads on this site."""
    hrefs = [tag["href"] for tag in Elements(answer.text).having("href")]
    urls = [urljoin(answer.url, href.partition("#")[0]) for href in hrefs]
    return [url.removeprefix(site) or "/" for url in urls if f"{url}/".startswith(f"{site}/")]


def whole(answer: requests.Response) -> bytes:
    """Status, headers and body."""
    head = [f"{answer.status_code} {answer.url}", *map(": ".join, answer.headers.items())]
    return "\n".join(head).encode() + b"\n\n" + answer.content
