"""eSIMs: sold, installed, used up, topped up."""

import pytest

from partner_api.sandbox.app import Sandbox
from tests.partner_api.sandbox.buyer import Buyer, Json
from tests.partner_api.sandbox.goods import CARD, ESIM, ESIM_ONCE, ESIM_UNLIMITED


def bought(alice: Buyer, sku: str = ESIM) -> str:
    iccid: str = alice.buy(sku)["items"][0]["delivery_data"][0]["iccid"]
    return iccid


def status(alice: Buyer, iccid: str) -> Json:
    found: Json = alice.data(f"/services/esim/{iccid}/status")
    return found


def luhn(digits: str) -> int:
    doubled = (int(d) * (1 + n % 2) for n, d in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10


def test_an_iccid_has_nineteen_digits_and_a_right_check_digit(alice: Buyer) -> None:
    iccid = bought(alice)
    assert iccid.isdigit()
    assert (len(iccid), iccid[:2], luhn(iccid)) == (19, "89", 0)


def test_each_unit_is_an_esim_of_its_own(alice: Buyer) -> None:
    units = alice.buy(ESIM, quantity=3)["items"][0]["delivery_data"]
    assert len({unit["iccid"] for unit in units}) == 3


def test_a_new_esim_is_released_and_full(alice: Buyer) -> None:
    found = status(alice, bought(alice))
    assert list(found) == [
        "esim_id", "iccid", "status", "qr_code", "can_renew", "last_bundle", "data_balance",
        "active_packages", "coverage",
    ]  # fmt: skip
    assert found["status"] == "Released"
    assert found["qr_code"].startswith("LPA:1$")
    assert found["data_balance"] == {"total_gb": 10, "remaining_gb": 10, "unit": "GB"}
    [package] = found["active_packages"]
    assert list(package) == [
        "id", "name", "data_total", "data_remaining", "data_unit", "activated_at", "expires_at",
        "status",
    ]  # fmt: skip
    assert package["activated_at"] is None
    assert found["coverage"][0] == {
        "country_name": "Japan", "country_code": "JP", "network_name": "NTT Docomo",
    }  # fmt: skip


def test_it_walks_through_its_life(sandbox: Sandbox, alice: Buyer) -> None:
    iccid = bought(alice)
    seen = []
    for _ in range(6):
        found = status(alice, iccid)
        seen.append((found["status"], found["data_balance"]["remaining_gb"]))
        sandbox.control.esim(iccid, {"state": "next"})
    assert seen == [
        ("Released", 10), ("Installed", 10), ("Installed", 5), ("Installed", 0.5), ("Used up", 0),
        ("Expired", 0),
    ]  # fmt: skip


def test_an_installed_package_says_when_it_ends(sandbox: Sandbox, alice: Buyer) -> None:
    iccid = bought(alice)
    sandbox.control.esim(iccid, {"state": "installed"})
    [package] = status(alice, iccid)["active_packages"]
    assert package["status"] == "active"
    assert package["activated_at"].endswith("Z")
    assert package["expires_at"] > package["activated_at"]


def test_an_unlimited_plan_has_no_data_balance(alice: Buyer) -> None:
    assert status(alice, bought(alice, ESIM_UNLIMITED))["data_balance"] is None


def test_a_top_up_is_an_order_that_adds_a_package(sandbox: Sandbox, alice: Buyer) -> None:
    iccid = bought(alice)
    sandbox.control.esim(iccid, {"state": "low"})
    answer = alice.top_up(iccid, "TOP-1")
    assert answer.status_code == 201
    assert answer.json()["message"] == "Top-up order created successfully"
    [item] = answer.json()["data"]["items"]
    assert item["delivery_data"] == [
        {
            "iccid": iccid,
            "status": "recharged",
            "message": "Package successfully added to existing eSIM",
        }
    ]
    assert item["customer_data"] == {"iccid": iccid, "quantity": 1}
    found = status(alice, iccid)
    assert found["data_balance"] == {"total_gb": 20, "remaining_gb": 10.5, "unit": "GB"}
    assert len(found["active_packages"]) == 2
    assert alice.data("/orders", external_id="TOP-1")[0]["total_amount"] == 15


@pytest.mark.parametrize("state", ["used_up", "expired"])
def test_a_top_up_brings_an_empty_esim_back(sandbox: Sandbox, alice: Buyer, state: str) -> None:
    iccid = bought(alice)
    sandbox.control.esim(iccid, {"state": state})
    assert status(alice, iccid)["active_packages"] == []
    alice.top_up(iccid)
    found = status(alice, iccid)
    assert found["status"] == "Installed"
    assert found["data_balance"] == {"total_gb": 10, "remaining_gb": 10, "unit": "GB"}
    assert [package["status"] for package in found["active_packages"]] == ["active"]


def test_a_top_up_may_name_another_package(alice: Buyer) -> None:
    iccid = bought(alice)
    assert alice.top_up(iccid, sku_uuid=ESIM_ONCE).status_code == 201
    assert status(alice, iccid)["last_bundle"] == "1 GB Asia, once"


def test_orders_and_top_ups_share_their_external_ids(sandbox: Sandbox, alice: Buyer) -> None:
    iccid = bought(alice)
    alice.buy(CARD, "SHARED-1")
    assert alice.top_up(iccid, "SHARED-1").status_code == 422
    alice.top_up(iccid, "SHARED-2")
    assert alice.order(CARD, "SHARED-2").status_code == 422
    assert len(sandbox.control.ledger()["charges"]) == 3


def test_a_top_up_is_signed_with_the_iccid(sandbox: Sandbox, alice: Buyer) -> None:
    iccid = bought(alice)
    path, body = f"/services/esim/{iccid}/topup", {"external_id": "TOP-1"}
    assert alice.post(path, body, alice.sign(ESIM, "TOP-1")).status_code == 401
    assert alice.post(path, body, alice.sign(iccid, "TOP-2")).status_code == 401
    assert len(sandbox.control.ledger()["orders"]) == 1


def test_a_number_cut_or_lengthened_by_a_digit_signs_another_message(
    sandbox: Sandbox, alice: Buyer
) -> None:
    """19 and 20 digits: a digit must not wander from the number into the order's id or back."""
    iccid = bought(alice)
    path = f"/services/esim/{iccid}/topup"
    for signed, external_id in ((iccid[:-1], "TOP-1"), (f"{iccid}7", "TOP-1")):
        answer = alice.post(path, {"external_id": external_id}, alice.sign(signed, external_id))
        assert answer.status_code == 401
    shifted = alice.sign(iccid[:-1], f"{iccid[-1]}TOP-1")
    assert alice.post(path, {"external_id": "TOP-1"}, shifted).status_code != 401, (
        "the partner's message has no seams: that is why our ids begin with a letter"
    )


@pytest.mark.parametrize("sku", [CARD, "nothing", 7])
def test_a_top_up_with_something_else_is_refused(alice: Buyer, sku: object) -> None:
    answer = alice.top_up(bought(alice), sku_uuid=sku)
    assert list(answer.json()["errors"]) == ["sku_uuid"]


def test_an_esim_that_can_not_be_renewed_is_not(alice: Buyer) -> None:
    iccid = bought(alice, ESIM_ONCE)
    assert status(alice, iccid)["can_renew"] is False
    assert alice.top_up(iccid).status_code == 422


def test_an_unknown_esim_is_not_found(alice: Buyer) -> None:
    assert alice.get("/services/esim/8944422711108338982/status").status_code == 404
    assert alice.top_up("8944422711108338982").status_code == 404


def test_control_may_set_anything(sandbox: Sandbox, alice: Buyer) -> None:
    iccid = bought(alice)
    change = {"state": "installed", "remaining_gb": "0.25", "status": "Paused", "can_renew": False}
    sandbox.control.esim(iccid, change)
    found = status(alice, iccid)
    assert (found["status"], found["can_renew"]) == ("Paused", False)
    assert found["data_balance"]["remaining_gb"] == 0.25
    sandbox.control.esim(iccid, {"topup_gb": 3})
    assert status(alice, iccid)["data_balance"]["remaining_gb"] == 3.25


def test_an_unknown_state_is_refused(sandbox: Sandbox, alice: Buyer) -> None:
    iccid = bought(alice)
    with pytest.raises(ValueError, match="state"):
        sandbox.control.esim(iccid, {"state": "lost"})
