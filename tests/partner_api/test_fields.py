"""What a product asks of its buyer, in all the shapes it may be written."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partner_api import ProductField, UnreadableFields, read_fields


@pytest.mark.parametrize(
    "schema",
    [
        ["phone"],
        [{"code": "phone"}],
        [{"name": "phone"}],
        [{"key": "phone"}],
        {"phone": {}},
    ],
)
def test_one_field_in_every_shape(schema: object) -> None:
    assert read_fields(schema) == (ProductField(code="phone", label="phone"),)


def test_all_that_can_be_said_about_a_field_is_read() -> None:
    (field,) = read_fields(
        [
            {
                "code": "phone", "label": "Phone number", "type": "Tel", "required": False,
                "options": ["1", {"value": 2, "label": "Two"}, {"id": 3, "name": "Three"}],
                "regex": "/^\\+7[0-9]{10}$/i", "min": 11, "max": "12.5",
            }
        ]
    )  # fmt: skip
    assert field == ProductField(
        code="phone",
        label="Phone number",
        type="tel",
        required=False,
        options=(("1", "1"), ("2", "Two"), ("3", "Three")),
        pattern="(?i)^\\+7[0-9]{10}$",
        minimum=Decimal(11),
        maximum=Decimal("12.5"),
    )
    assert field.pattern is not None
    assert re.search(field.pattern, "+71234567890")


@pytest.mark.parametrize(
    ("entry", "label"),
    [
        ({"code": "phone", "title": "Telephone"}, "Telephone"),
        ({"code": "phone", "name": "Telephone"}, "Telephone"),
        ({"code": "phone", "label": "", "title": "Telephone"}, "Telephone"),
    ],
)
def test_the_label_may_be_called_otherwise(entry: object, label: str) -> None:
    assert read_fields([entry])[0].label == label


def test_an_object_by_code_gives_labels_or_whole_fields() -> None:
    phone, account = read_fields({"phone": "Phone number", "account": {"title": "Account"}})
    assert (phone.code, phone.label) == ("phone", "Phone number")
    assert (account.code, account.label) == ("account", "Account")


def test_options_may_be_an_object_of_values_and_labels() -> None:
    (field,) = read_fields([{"code": "zone", "options": {"eu": "Europe", "us": "America"}}])
    assert field.options == (("eu", "Europe"), ("us", "America"))


@pytest.mark.parametrize(
    ("said", "required"),
    [(None, True), (True, True), (1, True), ("true", True), ("REQUIRED", True), ("1", True),
     (False, False), (0, False), ("false", False), ("optional", False), ("0", False)],
)  # fmt: skip
def test_a_field_is_required_unless_it_says_otherwise(said: object, required: bool) -> None:
    assert read_fields([{"code": "phone", "required": said}])[0].required is required
    assert read_fields([{"code": "phone"}])[0].required is True


def test_the_quantity_is_never_asked_of_a_buyer() -> None:
    assert [field.code for field in read_fields(["quantity", "phone"])] == ["phone"]


@pytest.mark.parametrize(
    "schema",
    [
        "phone",
        7,
        [["phone"]],
        [None],
        [7],
        [{}],
        [{"label": "Phone"}],
        [{"code": ""}],
        [{"code": "a" * 65}],
        [{"code": "a\nb"}],
        [{"code": ["phone"]}],
        ["phone", "phone"],
        [{"code": "phone", "required": "perhaps"}],
        [{"code": "phone", "options": "a,b"}],
        [{"code": "phone", "options": [{}]}],
        [{"code": "phone", "options": [["a"]]}],
        [{"code": "phone", "regex": "("}],
        [{"code": "phone", "regex": "/[/"}],
        [{"code": "phone", "regex": "^(a+)+$"}],
        [{"code": "phone", "regex": "a" * 201}],
        [{"code": "phone", "min": "ten"}],
        [{"code": "phone", "max": []}],
        [{"code": "phone", "type": {}}],
    ],
)
def test_what_is_not_understood_is_refused_whole(schema: object) -> None:
    """Half a schema would take money for an order that the partner then refuses."""
    with pytest.raises(UnreadableFields):
        read_fields(schema)


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.decimals(allow_nan=False)
    | st.text(st.characters()),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "code",
                    "name",
                    "label",
                    "type",
                    "required",
                    "options",
                    "regex",
                    "min",
                    "max",
                    "value",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@given(schema=ANYTHING)
def test_any_schema_is_read_or_refused(schema: object) -> None:
    try:
        fields = read_fields(schema)
    except UnreadableFields:
        return
    assert len({field.code for field in fields}) == len(fields)
