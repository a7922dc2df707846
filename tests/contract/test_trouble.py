"""Trouble: every fault the sandbox knows becomes the error that tells what may be done next.

The sandboxes only: nobody asks the real partner to fail. The table is the one of the answers to an
order; an unknown outcome is always looked up, and then the truth is found.
"""

from collections.abc import Callable

import pytest

from partner_api import (
    AlreadyExists,
    ConfigurationError,
    OutOfFunds,
    OutOfStock,
    PartnerClient,
    PartnerError,
    Rejected,
    RequestsTransport,
    Temporary,
    ThrottledWrite,
    UnknownOutcome,
)
from partner_api.sandbox import spoil, trouble
from partner_api.sandbox.adapter import SandboxAdapter
from partner_api.sandbox.app import Sandbox
from tests.contract.partners import LOCAL, Partner, new_id

ORDER_ANSWERS: dict[str, type[PartnerError] | None] = {
    "ok": None,
    "late": None,
    "drop_before": UnknownOutcome,
    "drop_after": UnknownOutcome,
    "reset": UnknownOutcome,
    "500_before": UnknownOutcome,
    "500_after": UnknownOutcome,
    "503": UnknownOutcome,
    "429": ThrottledWrite,
    "401": ConfigurationError,
    "402": OutOfFunds,
    "403": ConfigurationError,
    "404": Rejected,
    "409": AlreadyExists,
    "422_external_id": AlreadyExists,
    "422_stock": OutOfStock,
    "422_validation": Rejected,
    "redirect302": UnknownOutcome,
    "redirect307": UnknownOutcome,
    "html200": UnknownOutcome,
    "success_false": UnknownOutcome,
    "empty": UnknownOutcome,
    "truncated": UnknownOutcome,
    "wrong_content_length": UnknownOutcome,
    "slow_drip": UnknownOutcome,
    "bomb": UnknownOutcome,
    "huge": UnknownOutcome,
    "bad_json": UnknownOutcome,
    "nan": UnknownOutcome,
    "duplicate_keys": UnknownOutcome,
    "deep_nesting": UnknownOutcome,
    "invalid_utf8": UnknownOutcome,
    "huge_number": UnknownOutcome,
}
#: Faults after which the order exists all the same.
TAKES_EFFECT = {
    "ok", "late", "drop_after", "reset", "500_after", "html200", "success_false", "empty",
    "truncated", "wrong_content_length", "slow_drip", "bomb", "huge", "bad_json", "nan",
    "duplicate_keys", "deep_nesting", "invalid_utf8", "huge_number",
}  # fmt: skip
#: Lists that never end, for who does not look.
ENDLESS = {"cursor_repeats", "cursor_loops", "cursor_endless", "cursor_malformed"}
PARAMS: dict[str, dict[str, object]] = {"late": {"seconds": 2}, "slow_drip": {"every": 0.05}}


@pytest.fixture
def client(own: Partner, sandbox: Sandbox) -> PartnerClient:
    """A client with little patience."""
    mount = {LOCAL: SandboxAdapter(sandbox)} if own.url == LOCAL else None
    transport = RequestsTransport(deadline=1.0, read_timeout=0.5, mount=mount, sleep=lambda _: None)
    return own.client_with(transport=transport)


def test_every_fault_is_in_the_table() -> None:
    assert set(ORDER_ANSWERS) == set(trouble.FAULTS)


@pytest.mark.parametrize("fault", ORDER_ANSWERS)
def test_an_order_in_trouble_ends_in_the_error_of_the_table(
    own: Partner, sandbox: Sandbox, client: PartnerClient, fault: str
) -> None:
    if fault == "slow_drip" and own.url == LOCAL:
        pytest.skip("without a socket nothing drips")
    sku = own.goods("voucher").price.sku_id
    external_id = new_id()
    order = {"endpoint": "create_order", "fault": fault, **PARAMS.get(fault, {})}
    sandbox.control.fault(order)
    expected = ORDER_ANSWERS[fault]
    if expected is None:
        client.create_order(external_id=external_id, sku_id=sku, quantity=1)
    else:
        with pytest.raises(PartnerError) as caught:
            client.create_order(external_id=external_id, sku_id=sku, quantity=1)
        assert type(caught.value) is expected
    posts = [note for note in sandbox.seen.notes() if note.method == "POST"]
    assert len(posts) == 1  # never repeated, no redirect followed
    assert sandbox.seen.count("GET", "/login") == 0
    found = client.find_order(external_id)
    assert (found is not None) is (fault in TAKES_EFFECT)
    assert len(sandbox.control.ledger()["charges"]) == (1 if fault in TAKES_EFFECT else 0)


@pytest.mark.parametrize("fault", sorted(set(spoil.FAULTS) - ENDLESS))
def test_spoilt_data_raise_nothing_but_the_clients_own_errors(
    own: Partner, sandbox: Sandbox, client: PartnerClient, fault: str
) -> None:
    sandbox.control.fault({"endpoint": "*", "fault": fault})
    calls: list[Callable[[], object]] = [
        client.me,
        client.balance,
        lambda: list(client.balance_transactions()),
        lambda: list(client.products(include_skus=True, locale="ru")),
        lambda: list(client.pricelist()),
        client.categories,
        lambda: list(client.orders()),
    ]
    for call in calls:
        assert isinstance(failure(call), Temporary | None)


def failure(call: Callable[[], object]) -> PartnerError | None:
    try:
        call()
    except PartnerError as error:
        return error
    return None


@pytest.mark.parametrize("fault", sorted(ENDLESS))
def test_pages_that_never_end_are_noticed(
    own: Partner, sandbox: Sandbox, client: PartnerClient, fault: str
) -> None:
    if fault == "cursor_endless" and own.url != LOCAL:
        pytest.skip("hundreds of pages, and the wire makes no difference")
    sandbox.control.fault({"endpoint": "products", "fault": fault})
    with pytest.raises(Temporary):
        list(client.products(per_page=50))


@pytest.mark.parametrize("fault", ["503", "429:0", "drop_before", "truncated"])
def test_a_reading_call_is_repeated_and_succeeds(
    own: Partner, sandbox: Sandbox, client: PartnerClient, fault: str
) -> None:
    sandbox.control.fault({"endpoint": "balance", "fault": fault, "next": 2})
    assert client.balance().currency == "USD"
    assert sandbox.seen.count("GET", "/balance") == 3


@pytest.mark.parametrize(
    ("echo", "what"),
    [({"sku_id": "00000000-0000-4000-8000-000000000000"}, "sku_id"), ({"quantity": 3}, "quantity")],
)
def test_an_answer_about_something_else_is_noticed(
    own: Partner, sandbox: Sandbox, client: PartnerClient, echo: dict[str, object], what: str
) -> None:
    sku, external_id = own.goods("voucher").price.sku_id, new_id()
    sandbox.control.plan({"echo": echo})
    order = client.create_order(external_id=external_id, sku_id=sku, quantity=1)
    found = order.differences(external_id=external_id, sku_id=sku, quantity=1)
    assert [difference.what for difference in found] == [what]


def test_an_answer_with_another_external_id_is_an_unknown_outcome(
    own: Partner, sandbox: Sandbox, client: PartnerClient
) -> None:
    sandbox.control.plan({"echo": {"external_id": "OTHER"}})
    with pytest.raises(UnknownOutcome):
        client.create_order(
            external_id=new_id(), sku_id=own.goods("voucher").price.sku_id, quantity=1
        )


@pytest.mark.parametrize("shape", ["both", "qr_code", "lpa", "parts", "iccid"])
def test_every_shape_of_an_esim_delivery_is_read(
    own: Partner, sandbox: Sandbox, client: PartnerClient, shape: str
) -> None:
    sandbox.control.plan({"esim": shape})
    order = client.create_order(
        external_id=new_id(), sku_id=own.goods("esim").price.sku_id, quantity=1
    )
    [unit] = order.items[0].deliveries
    assert unit.iccid is not None
    assert unit.extra == ()
    status = client.esim_status(unit.iccid.reveal())
    assert status.lpa is not None
