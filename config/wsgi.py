"""The WSGI entry point that granian serves."""

import os

from django.core.wsgi import get_wsgi_application
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.prod")
application = get_wsgi_application()

# A server whose database role could see every tenant does not start.
from tenancy.roles import assert_plain_role  # noqa: E402  (the apps must be loaded first)

assert_plain_role()
connection.close()
