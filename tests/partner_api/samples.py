"""Answers shaped like the partner's, with the figures of its documentation where they matter."""

from typing import Any

ORDER_ID = "12161770-8560-4377-9795-e8a70aaceb07"
SKU_ID = "019bc0dd-8562-7173-afd9-a5cc534fafb7"
PRODUCT_ID = "019bc0dd-8423-739c-a557-5387d900152b"
EXTERNAL_ID = "G1-aaaaaaaaaaaa-01-x"
ICCID = "8944422711108338982"
PIN = "8f8649ff5c017b31869c99a37749d0d6"


def order(**changes: Any) -> dict[str, Any]:
    """A completed order of one gift card."""
    return {
        "id": ORDER_ID,
        "external_id": EXTERNAL_ID,
        "status": "completed",
        "total_amount": 29.09,
        "currency": "USD",
        "metadata": None,
        "created_at": "2026-01-15T12:58:23+00:00",
        "items": [item()],
        **changes,
    }


def item(**changes: Any) -> dict[str, Any]:
    """Its item."""
    return {
        "sku_id": SKU_ID,
        "sku_name": "$30 Apple Gift Card",
        "quantity": 1,
        "price": 29.09,
        "currency": "USD",
        "status": "completed",
        "delivery_data": [{"pin": PIN, "expiration": None, "serialNumber": ""}],
        "customer_data": None,
        "error_message": None,
        **changes,
    }


def balance(**changes: Any) -> dict[str, Any]:
    """The balance of the `me` call."""
    return {
        "balance": -58.18,
        "currency": "USD",
        "reserved_amount": 0,
        "available_balance": 41.82,
        "allow_overdraft": True,
        "overdraft_limit": 100,
        "is_overdrafted": True,
        **changes,
    }


def partner() -> dict[str, Any]:
    """The data of the `me` call."""
    return {
        "partner": {
            "uuid": "a3c3c002-1bcc-4593-bf39-e591c1d22cf0",
            "name": "Partner Name",
            "email": "partner@example.com",
            "currency": "USD",
            "is_active": True,
            "balance": balance(),
        }
    }


def transaction(**changes: Any) -> dict[str, Any]:
    """One row of the ledger."""
    return {
        "type": "charge",
        "amount": -29.09,
        "balance_after": -58.18,
        "currency": "USD",
        "created_at": "2026-02-24T11:37:58+00:00",
        "order_id": ORDER_ID,
        "payment_method": None,
        "fee_amount": 0,
        "original_amount": None,
        "original_currency": None,
        "exchange_rate": None,
        **changes,
    }


def sku(**changes: Any) -> dict[str, Any]:
    """A SKU of the product detail."""
    return {
        "id": SKU_ID,
        "name": "$2 Apple Gift Card",
        "price": 2.2,
        "currency": "USD",
        "stock": 100,
        "max_per_order": 1,
        "image": "",
        "attributes": {"denomination": "2", "denomination_currency": "USD"},
        **changes,
    }


def product(**changes: Any) -> dict[str, Any]:
    """A product of the list."""
    return {
        "id": PRODUCT_ID,
        "name": "Apple gift card | USA",
        "type": "voucher",
        "denomination_type": "fixed",
        "category": {"id": 18, "name": "Test"},
        "description": "<p>With the credit from a gift card</p>",
        "image": "",
        "attributes": {"digital_acceptance": "online"},
        "fields": [],
        "skus": [sku()],
        **changes,
    }


def price_row(**changes: Any) -> dict[str, Any]:
    """A row of the pricelist, fixed price."""
    return {
        "sku_id": SKU_ID,
        "denomination_type": "fixed",
        "price": 2.2,
        "currency": "USD",
        "stock": 100,
        "max_per_order": 1,
        **changes,
    }


def custom_price_row(**changes: Any) -> dict[str, Any]:
    """A row of the pricelist, free amount: there is no price."""
    return {
        "sku_id": "019d732c-57c0-739a-8a38-b767229f881f",
        "denomination_type": "custom",
        "currency": "AED",
        "stock": 9999,
        "max_per_order": 99,
        "markup_percent": -2,
        "markup_fixed": 0,
        "rate": 0.272,
        **changes,
    }


def category(**changes: Any) -> dict[str, Any]:
    """A category; its id may be 0."""
    return {
        "id": 0,
        "name": "Gift cards",
        "parent_id": None,
        "attributes": [{"code": "region", "name": "Region", "type": "text", "target": "product"}],
        **changes,
    }


def esim_status(**changes: Any) -> dict[str, Any]:
    """The status of an eSIM."""
    return {
        "esim_id": "6c4045e5-e041-400e-ada1-b5320e20f01d",
        "iccid": ICCID,
        "status": "Installed",
        "qr_code": "LPA:1$rsp.example.net$ABC-123-DEF",
        "can_renew": True,
        "last_bundle": "10GB Global Data",
        "data_balance": {"total_gb": 10, "remaining_gb": 8.5, "unit": "GB"},
        "active_packages": [
            {
                "id": "pkg_123",
                "name": "10GB Europe Data",
                "data_total": 10,
                "data_remaining": 8.5,
                "data_unit": "GB",
                "activated_at": "2026-01-15T10:00:00Z",
                "expires_at": "2026-02-15T10:00:00Z",
                "status": "active",
            }
        ],
        "coverage": [{"country_name": "Germany", "country_code": "DE", "network_name": "Telekom"}],
        **changes,
    }


def top_up(**changes: Any) -> dict[str, Any]:
    """The order that a top-up makes: no PIN, but a confirmation."""
    delivered = {"iccid": ICCID, "status": "recharged", "message": "Package added"}
    return order(
        items=[
            item(delivery_data=[delivered], customer_data={"iccid": ICCID, "quantity": 1}),
        ],
        **changes,
    )
