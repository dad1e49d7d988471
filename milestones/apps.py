from importlib import import_module

from django.apps import AppConfig


class MilestonesConfig(AppConfig):
    name = "milestones"

    def ready(self) -> None:
        # Commands and tests must know the handlers and receivers too, not only the worker.
        import_module("milestones.tasks")
