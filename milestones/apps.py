from importlib import import_module

from django.apps import AppConfig


class MilestonesConfig(AppConfig):
    name = "milestones"

    def ready(self) -> None:
        # Commands and tests must know handlers, receivers and what leans on an import too, not only the worker.
        import_module("milestones.tasks")
        import_module("milestones.selectors.imported")
