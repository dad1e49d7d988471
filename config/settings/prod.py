"""For real use: HTTPS behind a proxy, secrets from the environment, nothing guessed."""

import os

from .base import *  # noqa: F403  (settings are a namespace, Django reads them so)

SECRET_KEY = os.environ["SECRET_KEY"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = os.environ.get("SECURE_SSL_REDIRECT", "1") == "1"
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

# The pages of a deliverable show its PDF in a frame of our own; `frame-ancestors 'self'` keeps all others out.
SILENCED_SYSTEM_CHECKS = ["security.W019"]
