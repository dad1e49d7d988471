"""Tollgate as on a developer's machine, but a log-in does not cost a second of processor time."""

from django.conf.global_settings import PASSWORD_HASHERS as STANDARD

from config.settings.dev import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *STANDARD]
