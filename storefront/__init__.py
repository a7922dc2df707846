"""Kiosk, the web storefront for resellers of digital goods."""

from storefront.celery import app as celery_app

__all__ = ["celery_app"]
