"""What is longer than any file that is taken is refused unread, whoever sends it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from common import upload_cap
from kpis.imports.reading import MAX_PACKED

LOG_IN = "/account/login/"


def test_the_longest_call_log_fits() -> None:
    assert upload_cap.LONGEST > MAX_PACKED


@pytest.mark.django_db
def test_a_stranger_cannot_fill_the_disk_through_the_log_in(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = {"login": "nobody@example.org", "password": "x", "file": SimpleUploadedFile("a.txt", b"x" * 4000)}
    assert Client().post(LOG_IN, sent).status_code == 200
    monkeypatch.setattr(upload_cap, "LONGEST", 2000)
    sent["file"] = SimpleUploadedFile("a.txt", b"x" * 4000)
    assert Client().post(LOG_IN, sent).status_code == 400
