"""One demo catalog and one large catalog for all tests of the goods."""

import pytest

from partner_api.sandbox.catalog import Catalog, build_catalog


@pytest.fixture(scope="package")
def demo() -> Catalog:
    return build_catalog()


@pytest.fixture(scope="package")
def large() -> Catalog:
    return build_catalog(3000)


@pytest.fixture(params=["demo", "large"])
def catalog(request: pytest.FixtureRequest, demo: Catalog, large: Catalog) -> Catalog:
    """Either of them: what holds for hand-written goods must hold for generated ones."""
    return demo if request.param == "demo" else large
