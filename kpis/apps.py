from importlib import import_module

from django.apps import AppConfig


class KpisConfig(AppConfig):
    name = "kpis"

    def ready(self) -> None:
        # Commands and tests must know the handlers too, not only the worker.
        import_module("kpis.tasks")
