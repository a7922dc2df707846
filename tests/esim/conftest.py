"""Every page of these tests begins in English."""

from tests.catalog.conftest import english

__all__ = ["english"]
