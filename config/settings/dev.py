"""For a developer's machine and for bin/demo: loopback only, mail to the console."""

import os

from .base import *  # noqa: F403  (settings are a namespace, Django reads them so)

SECRET_KEY = os.environ.get("SECRET_KEY") or "only-for-a-developers-machine-never-for-real-data"
DEBUG = os.environ.get("DEBUG", "") == "1"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}}
DEMO = os.environ.get("TOLLGATE_DEMO") == "1"
