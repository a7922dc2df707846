"""The OpenAPI description, written from the reference, and the sandbox agree with each other.

schemathesis makes good and bad requests from the description; the answers must fit it. Requests
that are meant to be good are signed and aimed at things that exist, so that they get past the door.
"""

import hashlib
import hmac
import itertools
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

import partner_api.sandbox
from partner_api.sandbox.app import Sandbox
from partner_api.sandbox.esims import WALK
from partner_api.sandbox.routes import routes
from partner_api.sandbox.server import Running, running
from tests.partner_api.sandbox.buyer import Buyer
from tests.partner_api.sandbox.conftest import HOST
from tests.partner_api.sandbox.goods import CARD, CARD_PRODUCT, ESIM, OPEN, PHONE, small_catalog

DESCRIPTION = Path(partner_api.sandbox.__file__).with_name("openapi.yaml")
schema = schemathesis.openapi.from_path(DESCRIPTION)
# Unknown parameters are ignored by the partner's framework, and the token is always sent here.
schema.config.generation.allow_extra_parameters = False
schema.config.generation.with_security_parameters = False
schema.config.generation.deterministic = True
_SKUS = itertools.cycle([CARD, ESIM, PHONE, None])
_REAL = itertools.cycle([True, True, False])


class Town:
    """A sandbox where something has happened already, and one of everything to ask for."""

    def __init__(self, served: Running) -> None:
        self.url = served.url
        self.sandbox = served.sandbox
        self.headers = served.headers
        alice = Buyer(served.url, token=self.sandbox.token, secret=self.sandbox.secret)
        self.order_id = alice.buy(CARD)["id"]
        esim = alice.buy(ESIM)
        self.iccid: str = esim["items"][0]["delivery_data"][0]["iccid"]
        self.sandbox.control.plan({"status": "failed"})
        alice.buy(CARD, quantity=2)
        alice.buy(PHONE, phone="+37491000000", operator="north")
        alice.top_up(self.iccid)

    def aim(self, case: schemathesis.Case) -> None:
        """Point a good request at something that exists."""
        if "iccid" in case.path_parameters:
            case.path_parameters["iccid"] = self.iccid
        elif "uuid" in case.path_parameters:
            is_order = case.operation.path.startswith("/orders")
            case.path_parameters["uuid"] = self.order_id if is_order else CARD_PRODUCT
        sku = next(_SKUS)
        if isinstance(case.body, dict) and sku:
            if "item" in case.body:
                fields: dict[str, Any] = {
                    "quantity": 1,
                    "phone": "+37491000000",
                    "operator": "south",
                }
                case.body["item"] = {"sku_id": sku, "fields": fields}
            elif "sku_uuid" in case.body:
                case.body["sku_uuid"] = ESIM

    def sign(self, case: schemathesis.Case) -> None:
        """Put the signature on that belongs to the request."""
        body = case.body if isinstance(case.body, dict) else {}
        item = body.get("item")
        sku = item.get("sku_id") if isinstance(item, dict) else ""
        subject = case.path_parameters.get("iccid") or sku or ""
        stamp = str(int(time.time()))
        message = f"{stamp}{subject}{body.get('external_id') or ''}".encode(
            "utf-8", "surrogatepass"
        )
        secret = self.sandbox.secret.encode()
        case.headers["X-Timestamp"] = stamp
        case.headers["X-Signature"] = hmac.new(secret, message, hashlib.sha256).hexdigest()


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with running(catalog=small_catalog(cards=9)) as served:
        yield Town(served)


def is_bad(case: schemathesis.Case, location: ParameterLocation) -> bool:
    component = case.meta.components.get(location) if case.meta else None
    return component is not None and component.mode is GenerationMode.NEGATIVE


@schema.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_fits_the_description(case: schemathesis.Case, town: Town) -> None:
    if case.meta and case.meta.generation.mode is GenerationMode.POSITIVE and next(_REAL):
        town.aim(case)
    if case.operation.method == "post" and not is_bad(case, ParameterLocation.HEADER):
        town.sign(case)
    town.sandbox.control.balance({"balance": 100, "silent": True})
    # What is well-formed may still be sold out, taken, or unknown.
    is_order = case.operation.method == "post"
    excluded: list[Any] = [positive_data_acceptance] if is_order else []
    case.call_and_validate(base_url=town.url, headers=town.headers, excluded_checks=excluded)


def described() -> dict[str, tuple[str, str]]:
    paths: dict[str, Any] = schema.raw_schema["paths"]
    return {
        operation["operationId"]: (method.upper(), path)
        for path, operations in paths.items()
        for method, operation in operations.items()
    }


def test_the_description_has_every_endpoint_of_the_sandbox_and_no_other(sandbox: Sandbox) -> None:
    served = {row.name: (row.method, row.path) for row in routes(sandbox.world, sandbox.secret)}
    assert served == described()


def fits(path: str, answer: requests.Response, status: int = 200) -> None:
    assert answer.status_code == status
    schema[path][str(answer.request.method)].validate_response(answer)


def test_every_good_answer_fits_the_description(town: Town) -> None:
    alice = Buyer(town.url, token=town.sandbox.token, secret=town.sandbox.secret)
    fits("/me", alice.get("/me"))
    fits("/balance", alice.get("/balance"))
    fits("/balance/history", alice.get("/balance/history"))
    fits("/orders", alice.get("/orders"))
    fits("/orders/{uuid}", alice.get(f"/orders/{town.order_id}"))
    for sku in (CARD, ESIM):
        fits("/orders", alice.order(sku), 201)
    fits("/orders", alice.order(PHONE, phone="+37491000000", operator="south"), 201)
    fits("/orders", alice.order(OPEN, amount=50), 201)
    fits("/services/esim/{iccid}/topup", alice.top_up(town.iccid), 201)
    for state in WALK:
        town.sandbox.control.esim(town.iccid, {"state": state})
        status = alice.get(f"/services/esim/{town.iccid}/status")
        fits("/services/esim/{iccid}/status", status)


@pytest.mark.parametrize("locale", ["en", "ru"])
def test_the_whole_demo_catalog_fits_the_description(locale: str) -> None:
    sandbox = Sandbox()
    alice = Buyer(HOST, token=sandbox.token, secret=sandbox.secret, sandbox=sandbox)
    fits("/catalog/categories", alice.get("/catalog/categories", locale=locale))
    fits("/catalog/products/{uuid}", alice.get(f"/catalog/products/{first_id(alice)}"))
    for path in ("/catalog/products", "/catalog/pricelist"):
        cursor: dict[str, str] = {}
        while True:
            answer = alice.get(path, locale=locale, per_page=200, include_skus="true", **cursor)
            fits(path, answer)
            following = answer.json()["meta"]["next_cursor"]
            if following is None:
                break
            cursor = {"cursor": following}
    sandbox.close()


def first_id(alice: Buyer) -> str:
    found: str = alice.data("/catalog/products", per_page=1)[0]["id"]
    return found


def test_money_is_written_as_numbers_without_noise(town: Town) -> None:
    text = requests.get(f"{town.url}/catalog/pricelist", headers=town.headers, timeout=5).text
    assert '"price":9.7,' in text
    assert '"rate":0.272' in text
