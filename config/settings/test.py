"""For the tests: the plain database role, mail in memory, quick hashes, files in a folder of the run."""

import os

import dj_database_url

from .base import *  # noqa: F403  (settings are a namespace, Django reads them so)
from .base import DATABASES, STORAGES, TEMPLATES

SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
# A cache of one's own: what one run counts against a rate limit must not slow the next.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

# The log-in may become the plain roles and the migrating one; every connection starts as app_web.


class _Missing(str):
    """What stands for a variable that a page did not give: a test fails there, where a user would read a hole."""

    def __mod__(self, variable: object) -> str:
        raise LookupError(f"A template shows {variable}, which it was not given.")


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = _Missing("%s")

_suffix = os.environ.get("TEST_DB_SUFFIX", "")
DATABASES = {
    "default": {
        **DATABASES["default"],
        **dj_database_url.parse(
            os.environ.get("TEST_DATABASE_URL", "postgresql://tollgate_test@127.0.0.1:5432/postgres")
        ),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {"options": "-c role=app_web"},
        "TEST": {"NAME": f"test_tollgate{_suffix and '_' + _suffix}"},
    }
}
