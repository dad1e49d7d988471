"""Pages go out compressed, files of other kinds as they are."""

import gzip

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from common.middleware import Squeezed

WISHES = {"Accept-Encoding": "gzip, deflate, br"}


def answer(kind: str) -> HttpResponse:
    def view(_: HttpRequest) -> HttpResponse:
        return HttpResponse(b"a" * 5_000, content_type=kind)

    found = Squeezed(view)(RequestFactory().get("/", headers=WISHES))
    assert isinstance(found, HttpResponse)
    return found


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "text/csv", "application/json"])
def test_text_is_compressed(kind: str) -> None:
    found = answer(kind)
    assert found.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(found.content) == b"a" * 5_000


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", ""])
def test_what_is_no_text_stays_as_it_is(kind: str) -> None:
    assert "Content-Encoding" not in answer(kind).headers


def test_two_answers_with_the_same_page_differ_in_length() -> None:
    assert len({len(answer("text/html").content) for _ in range(40)}) > 3


@pytest.mark.django_db
def test_a_page_is_compressed_for_who_asks_for_it(client: Client) -> None:
    assert client.get("/account/login/", headers=WISHES).headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in client.get("/account/login/").headers
