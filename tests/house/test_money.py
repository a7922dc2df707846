"""No binary float comes near money: 0.1 + 0.2 is not 0.3, and nobody gets the difference."""

import ast

import pytest

from tests.house.tree import name, parsed, sources

# Files that may hold floats, and what these measure. None of it is money.
MEASURES = {
    "storefront/settings.py": "the factor on waits",
    "storefront/schedule.py": "seconds between two runs, and the factor on them",
    "storefront/core/art.py": "widths of letters in a drawing",
    "storefront/core/theme.py": "the parts of a colour",
    "storefront/core/queue.py": "seconds of patience with the broker",
    "storefront/catalog/sync/runs.py": "seconds between two words on progress",
    "storefront/partner/__init__.py": "seconds of patience",
    "storefront/partner/budget.py": "seconds until a call may leave",
    "storefront/partner/guard.py": "seconds between two looks at a circuit",
    "storefront/webhooks/refusals.py": "seconds between two counts that are written",
    "partner_api/transport.py": "seconds of patience",
    "partner_api/sandbox/__main__.py": "factor on seconds",
    "partner_api/sandbox/app.py": "factor on seconds",
    "partner_api/sandbox/clock.py": "seconds",
    "partner_api/sandbox/control.py": "seconds, and the factor on them",
    "partner_api/sandbox/control_page.py": "seconds, and the factor on them",
    "partner_api/sandbox/endpoints/orders.py": "seconds a list lags behind",
    "partner_api/sandbox/faults.py": "chances between 0 and 1",
    "partner_api/sandbox/fields.py": "bounds of a number typed into a recharge's field",
    "partner_api/sandbox/forgeries.py": "seconds a forged delivery's clock is wrong",
    "partner_api/sandbox/outbox.py": "seconds between tries",
    "partner_api/sandbox/plans.py": "seconds",
    "partner_api/sandbox/server.py": "seconds",
    "partner_api/sandbox/settling.py": "seconds",
    "partner_api/sandbox/spoil.py": "per cent of a body that is cut off",
    "partner_api/sandbox/trouble.py": "seconds a bad answer takes",
    # Also the one place that writes a Decimal as the bare JSON number the real partner sends.
    "partner_api/sandbox/wire.py": "seconds",
}


def floats(source: ast.Module) -> list[int]:
    """Lines with a float literal, a call of float(), or a float column."""
    return [
        node.lineno
        for node in ast.walk(source)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "float")
        or (isinstance(node, ast.Attribute | ast.Name) and _name(node) == "FloatField")
    ]


def _name(node: ast.Attribute | ast.Name) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id


@pytest.mark.parametrize("package", ["storefront", "partner_api"])
def test_floats_are_used_for_nothing_but_what_is_declared_here(package: str) -> None:
    found = {name(file): at for file in sources(package) if (at := floats(parsed(file)))}
    assert {file: at for file, at in found.items() if file not in MEASURES} == {}


def test_no_exception_outlives_its_reason() -> None:
    by_name = {name(file): file for file in sources("storefront", "partner_api")}
    assert [file for file in MEASURES if not floats(parsed(by_name[file]))] == []


@pytest.mark.parametrize("text", ["x = 0.1", "float('1')", "models.FloatField()", "FloatField()"])
def test_the_search_finds_each_kind(text: str) -> None:
    assert floats(ast.parse(text)) == [1]


def test_the_search_leaves_exact_numbers_alone() -> None:
    assert floats(ast.parse("x = Decimal('0.1') + 1")) == []
