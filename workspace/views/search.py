"""Search across everything that a person may see."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.requests import TenantRequest
from workspace.forms import SearchForm
from workspace.selectors.search import LEAST
from workspace.selectors.search import search as find


@login_required
@require_safe
def search(request: TenantRequest) -> HttpResponse:
    """What fits the words in the address, by kind; while somebody types, only the list of it."""
    form = SearchForm(request.GET)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    groups = find(request.seat, text) if request.seat else []
    context = {
        "form": form,
        "text": text,
        "short": 0 < len(text) < LEAST,
        "groups": groups,
        "found": sum(len(group.hits) for group in groups),
        "more": any(group.more for group in groups),
        "searching": True,
    }
    page = "workspace/search.html#results" if request.htmx else "workspace/search.html"
    answer = render(request, page, context, status=200 if form.is_valid() else 422)
    patch_vary_headers(answer, ["HX-Request"])
    return answer
