"""The request's way into its tenant."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.template.response import SimpleTemplateResponse

from .context import entered


class TenantMiddleware:
    """Run the view *and its rendering* inside one transaction that has entered the tenant.

    A lazy TemplateResponse rendered after the transaction, or a setting made before it, shows zero rows and
    answers 200; so this middleware owns both. A response that reports a failure rolls everything back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        if not request.user.is_authenticated:
            return None
        organisation = getattr(request, "organisation_id", None)
        with entered(user_id=request.user.pk, organisation_id=organisation):
            response = view(request, *args, **kwargs)
            if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                response.render()
            if response.status_code >= HTTPStatus.BAD_REQUEST:
                transaction.set_rollback(True)
        # What one person was shown stays in no proxy and on no disk, for the next one to find.
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response
