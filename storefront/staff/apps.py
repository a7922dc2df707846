"""The desk, as Django knows it: after a migration the roles are as they ship."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class StaffConfig(AppConfig):
    """Django tells each app that has models of the end of a migration, in their order: with the
    last of them the rights of all exist.
    """

    name = "storefront.staff"

    def ready(self) -> None:
        """Not before: models are loaded only now."""
        from storefront.staff.roles import ship  # noqa: PLC0415  needs the models

        last = [config for config in apps.get_app_configs() if config.models_module][-1]
        post_migrate.connect(ship, sender=last, dispatch_uid="staff.roles")
