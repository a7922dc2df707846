"""The table of paths, and how far an operator may change it."""

from collections.abc import Callable
from pathlib import Path

import pytest

import partner_api
from partner_api import PartnerClient, PartnerError
from partner_api.endpoints import ENDPOINTS, with_overrides
from tests.partner_api import samples
from tests.partner_api.stub import Stub, data

DOCS = Path(__file__).parents[2] / "docs" / "partner-api.md"


def test_without_overrides_the_table_stands() -> None:
    assert with_overrides(None) == ENDPOINTS
    assert with_overrides({}) == ENDPOINTS


def test_only_what_the_reference_names_is_not_assumed() -> None:
    proven = {name for name, endpoint in ENDPOINTS.items() if not endpoint.assumed}
    assert proven == {"orders", "create_order", "esim_status"}


def test_every_endpoint_is_a_method_of_the_client() -> None:
    assert all(callable(getattr(PartnerClient, name)) for name in ENDPOINTS)


def test_every_endpoint_is_documented_with_its_path() -> None:
    text = DOCS.read_text(encoding="utf-8")
    for endpoint in ENDPOINTS.values():
        proof = "no" if endpoint.assumed else "yes"
        row = f"| `{endpoint.name}` | {endpoint.method} | `{endpoint.path}` | {proof} |"
        assert row in text


def test_an_override_is_used(stub: Stub, make_client: Callable[..., PartnerClient]) -> None:
    client = make_client(paths={"balance": "/v2/wallet/", "order": "/v2/orders/by-id/{uuid}"})
    stub.will(data(samples.balance()), data(samples.order()))
    client.balance()
    client.order(samples.ORDER_ID)
    assert [request.target for request in stub.requests] == [
        "/api/v2/wallet/",
        f"/api/v2/orders/by-id/{samples.ORDER_ID}",
    ]


@pytest.mark.parametrize(
    ("paths", "complaint"),
    [
        ({"ballance": "/balance"}, "no endpoint is called 'ballance'"),
        ({"balance": "balance"}, "must look like"),
        ({"balance": ""}, "must look like"),
        ({"balance": "/"}, "must look like"),
        ({"balance": "https://mallory.example/balance"}, "must look like"),
        ({"balance": "//mallory.example/balance"}, "must look like"),
        ({"balance": "/../balance"}, "must look like"),
        ({"balance": "/a/./b"}, "must look like"),
        ({"balance": "/balance?all=1"}, "must look like"),
        ({"balance": "/balance#a"}, "must look like"),
        ({"balance": "/bal ance"}, "must look like"),
        ({"balance": "/balance\n"}, "must look like"),
        ({"balance": "/{0}"}, "must look like"),
        ({"balance": "/{uuid.x}"}, "must look like"),
        ({"balance": None}, "must look like"),
        ({"balance": "/{uuid}"}, "placeholders: none"),
        ({"order": "/orders"}, r"placeholders: \{uuid\}"),
        ({"order": "/orders/{id}"}, r"placeholders: \{uuid\}"),
    ],
)
def test_an_override_that_can_not_work_is_refused_loudly(
    paths: dict[str, str], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        with_overrides(paths)


def test_every_error_is_in_the_documentation_s_table() -> None:
    text = DOCS.read_text(encoding="utf-8")
    kinds = [
        name
        for name, value in vars(partner_api).items()
        if isinstance(value, type) and issubclass(value, PartnerError)
    ]
    assert len(kinds) > 10
    parents = {"PartnerError", "Throttled"}
    assert [name for name in kinds if name not in parents and f"| `{name}` |" not in text] == []
