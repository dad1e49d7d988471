"""From where a request comes, as the trail and the signatures keep it."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The caller's address: what our own proxies say of it, and nothing that the caller could have written.

    Each proxy adds to the right of X-Forwarded-For whom it spoke with, so with n trusted proxies the n-th from the
    right is the caller. Without proxies, and when the header does not fit, it is whoever opened the connection.
    """
    proxies = settings.TRUSTED_PROXY_COUNT
    told = request.headers.get("X-Forwarded-For", "").split(",")
    if proxies and len(told) >= proxies:
        try:
            return str(ip_address(told[-proxies].strip()))
        except ValueError:
            pass
    return str(request.META.get("REMOTE_ADDR", ""))
