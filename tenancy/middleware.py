"""The request's way into its tenant."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
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
        try:
            with entered(user_id=request.user.pk, organisation_id=organisation):
                response = view(request, *args, **kwargs)
                if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
                    response.render()
                if response.status_code >= HTTPStatus.BAD_REQUEST:
                    transaction.set_rollback(True)
        except (Http404, PermissionDenied, SuspiciousOperation):
            raise
        except Exception as error:
            if _has_gone(request, request.user.pk, organisation):
                raise Http404("This sample has been removed.") from error
            raise
        # What one person was shown stays in no proxy and on no disk, for the next one to find.
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def _has_gone(request: HttpRequest, user: int, organisation: int | None) -> bool:
    """Whether the engagement that a request had opened is no longer there: a sample that was removed meanwhile.

    Whatever failed then, failed because of that: rows were gone between one statement and the next.
    """
    opened = getattr(request, "engagement", None)
    if opened is None:
        return False
    with entered(user_id=user, organisation_id=organisation):
        return not type(opened)._default_manager.filter(pk=opened.pk).exists()
