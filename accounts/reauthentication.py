"""Whether somebody showed only a moment ago that it is them: asked before a signature."""

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from common import clock


def ask_again(request: HttpRequest, *, back_to: str) -> HttpResponseRedirect | None:
    """Send whoever has not given their password for some minutes to do so, then back; None when it is fresh."""
    records = get_authentication_records(request, request.user)
    latest = max((record["at"] for record in records), default=0.0)
    if clock.now().timestamp() - latest < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
        return None
    messages.info(request, "Enter your password once more, then sign: a signature bears your name.")
    return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': back_to})}")
