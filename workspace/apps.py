from importlib import import_module

from django.apps import AppConfig


class WorkspaceConfig(AppConfig):
    name = "workspace"

    def ready(self) -> None:
        # Commands and tests must know the handlers too, not only the worker.
        import_module("workspace.tasks")
