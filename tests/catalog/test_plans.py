"""Plans of eSIMs, read from whatever a partner writes: what is missing or broken is not said."""

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from storefront.catalog import plans

NAMES = [
    "data_gb", "data_mb", "validity_days", "days", "unlimited", "top_up", "renewable", "country",
    "countries", "networks", "coverage", "validity_starts", "activation",
]  # fmt: skip


def told(**attributes: str) -> tuple[str, str, bool | None]:
    found = plans.plan(attributes, "en")
    return found.data, found.days, found.tops_up


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"data_gb": "1", "validity_days": "7"}, ("1\xa0GB", "7 days", None)),
        ({"data_gb": "0.5", "days": "1"}, ("512\xa0MB", "1 day", None)),
        ({"data_mb": "1536"}, ("1.5\xa0GB", "", None)),
        ({"unlimited": "true", "renewable": "false"}, ("Unlimited", "", False)),
        ({"unlimited": "false", "data_gb": "3", "top_up": "yes"}, ("3\xa0GB", "", True)),
        ({"data_gb": "lots", "validity_days": "soon", "renewable": "perhaps"}, ("", "", None)),
        ({"data_gb": "-1", "validity_days": "0"}, ("", "", None)),
        ({"data_gb": "NaN", "validity_days": "1E999"}, ("", "", None)),
        ({}, ("", "", None)),
    ],
)
def test_a_plan_is_read(attributes: dict[str, str], expected: tuple[str, str, bool | None]) -> None:
    assert told(**attributes) == expected


def test_a_plan_is_said_in_the_readers_language() -> None:
    with override("ru"):
        plan = plans.plan({"data_gb": "1.5", "validity_days": "3"}, "ru")
    assert (plan.data, plan.days) == ("1,5\xa0ГБ", "3 дня")


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"countries": '["JP"]', "networks": '["SoftBank"]'}, [("Japan", ("SoftBank",))]),
        ({"country": "JP"}, [("Japan", ())]),
        (
            {"coverage": '{"JP": ["SoftBank"], "DE": "Telekom, O2"}'},
            [("Germany", ("Telekom", "O2")), ("Japan", ("SoftBank",))],
        ),
        (
            {"coverage": '[{"country_code": "JP", "network_name": "A"},'
                         ' {"country_code": "JP", "network_name": "B"}]'},
            [("Japan", ("A", "B"))],
        ),
        ({"countries": "JP, DE", "networks": "A"}, [("Germany", ()), ("Japan", ())]),
        ({"countries": '["JP", 5, null, "XX", "nowhere"]'}, [("Japan", ())]),
        ({"countries": '["JP', "coverage": "[" * 9999}, []),
        ({"coverage": '[{"country_code": []}, 7, {"network_name": "A"}]'}, []),
    ],
)  # fmt: skip
def test_coverage_is_read(
    attributes: dict[str, str], expected: list[tuple[str, tuple[str, ...]]]
) -> None:
    found = plans.coverage(attributes, "en")
    assert [(place.country, place.networks) for place in found] == expected


@pytest.mark.parametrize(
    ("word", "part"),
    [
        ("first_connection", "first connection"),
        ("first-usage", "first connection"),
        ("installation", "install"),
        ("purchase", "buy"),
        ("who knows", ""),
    ],
)
def test_the_start_of_the_days_is_said(word: str, part: str) -> None:
    sentence = plans.validity_starts({"activation": word})
    assert part in sentence
    assert bool(sentence) is bool(part)


@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=60)))
def test_whatever_is_written_something_is_read(attributes: dict[str, str]) -> None:
    plans.plan(attributes, "en")
    plans.coverage(attributes, "ru")
    plans.validity_starts(attributes)
