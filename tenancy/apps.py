from django.apps import AppConfig
from django.db.models.signals import post_migrate

from .roles import grant_after_migrate


class TenancyConfig(AppConfig):
    name = "tenancy"

    def ready(self) -> None:
        post_migrate.connect(grant_after_migrate, sender=self)
