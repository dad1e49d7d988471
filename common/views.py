"""Pages that belong to no app."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.views.decorators.http import require_safe


def healthz(request: HttpRequest) -> HttpResponse:
    """200 when this process can reach its database; a container's health check asks for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """The icon, for whoever asks for it where icons used to be."""
    return HttpResponseRedirect(static("img/tollgate.svg"))


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Nothing here is for a search engine."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


# A refusal is answered after the tenant's transaction has ended, so these pages read nothing from the database.
def bad_request(request: HttpRequest, exception: BaseException) -> HttpResponse:
    """Say that the request could not be read."""
    return HttpResponse(render_to_string("400.html"), status=400)


def forbidden(request: HttpRequest, exception: BaseException) -> HttpResponse:
    """Say that the person's role does not allow this."""
    return HttpResponse(render_to_string("403.html", {"why": str(exception)}), status=403)


def not_found(request: HttpRequest, exception: BaseException) -> HttpResponse:
    """Say that there is nothing: the same words for what is missing and for what belongs to others."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": "There is no such address."}, status=404)
    return HttpResponse(render_to_string("404.html"), status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that the fault is ours."""
    return HttpResponse(render_to_string("500.html"), status=500)
