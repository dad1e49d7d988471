"""Addresses that only take forms, and the pages on which these forms stand."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse

type View = Callable[..., HttpResponseBase]


def posted_from(page: str, *parts: str, open_to_all: bool = False) -> Callable[[View], View]:
    """Take forms sent from `page`; `parts` are the parts of the address that the page shares.

    Somebody who opens the address itself (a refused form leaves it in the address bar) gets to the page, and the
    page says whether they may see it. Whoever is not logged in is sent there through the log-in, unless the form is
    open to all.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def posted(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if request.method not in ("GET", "HEAD", "POST"):
                return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
            back = reverse(page, kwargs={part: kwargs[part] for part in parts})
            if not open_to_all and not request.user.is_authenticated:
                return redirect_to_login(back)
            if request.method != "POST":
                return HttpResponseRedirect(back)
            return view(request, *args, **kwargs)

        return posted

    return wrap
