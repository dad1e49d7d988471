"""Views that do what a careless view might: only for the tests of the middleware."""

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import path
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from engagements.models import Engagement
from tenancy import context

LIST = engines["django"].from_string("{% for one in engagements %}[{{ one.campaign }}]{% endfor %}")


def _body() -> HttpResponse:
    return HttpResponse("".join(f"[{one.campaign}]" for one in Engagement.objects.all()))


def plain(request: HttpRequest) -> HttpResponse:
    """What this person may see; slow enough for requests to overlap, and failing where asked to."""
    response = _body()
    match request.GET.get("fail"):
        case "error":
            raise ValueError("asked to fail")
        case "missing":
            raise Http404
        case "database":
            Engagement.objects.raw("SELECT 1 / 0 AS id")[0]
        case "open":
            request.engagement = Engagement.objects.get()  # type: ignore[attr-defined]
            raise Engagement.DoesNotExist("a row of it is not there")
        case "removed":
            # Opened a moment ago; what comes next finds nothing of it.
            request.engagement = Engagement(pk=Engagement.objects.get().pk + 1000)  # type: ignore[attr-defined]
            Engagement.objects.get(pk=request.engagement.pk)  # type: ignore[attr-defined]
        case "nested":
            with context.entered(user_id=request.user.pk):
                raise Http404
    return response


def lazy(request: HttpRequest) -> HttpResponse:
    """A response that renders after the view has returned."""
    return TemplateResponse(request, LIST, {"engagements": Engagement.objects.all()})


def careless_stream(request: HttpRequest) -> StreamingHttpResponse:
    """A stream that reads the database without a context of its own."""

    def lines() -> Iterator[str]:
        for one in Engagement.objects.all():
            yield one.campaign

    return StreamingHttpResponse(lines())


def careful_stream(request: HttpRequest) -> StreamingHttpResponse:
    """A stream that opens its own context."""
    user_id = request.user.pk

    def lines() -> Iterator[str]:
        with context.entered(user_id=user_id):
            for one in Engagement.objects.all():
                yield one.campaign

    return StreamingHttpResponse(lines())


def half_done(request: HttpRequest) -> HttpResponse:
    """Writes, and then finds that it must refuse."""
    Engagement.objects.update(campaign="half done")
    return HttpResponse("no", status=422)


class HalfDoneApi(APIView):
    """The same in the API, whose exceptions never reach the middleware."""

    def get(self, request: Request) -> Response:
        Engagement.objects.update(campaign="half done")
        raise ValidationError("no")


urlpatterns = [
    path("plain", plain),
    path("lazy", lazy),
    path("careless-stream", careless_stream),
    path("careful-stream", careful_stream),
    path("half-done", half_done),
    path("api/half-done", HalfDoneApi.as_view()),
]

handler404 = "common.views.not_found"
handler500 = "common.views.server_error"
