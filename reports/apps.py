from importlib import import_module

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        # Commands and tests must know the handler too, not only the worker.
        import_module("reports.tasks")
