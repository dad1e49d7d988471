"""`manage.py import_calls`: the page's work from the command line, its last line for programs."""

import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.management import CommandError, call_command

from engagements.models import Engagement
from kpis.models import CallRecord
from tests.factories import Cast
from tests.kpis.samples import NOW, UCI_FILE, own, vicidial
from tests.stage import as_worker, backstage


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def run(cast: Cast, file: Path, *options: str) -> dict[str, Any]:
    """The JSON of the command's last line."""
    out = io.StringIO()
    who = () if "--as-user" in options else ("--as-user", cast.campaign_manager.email)
    with as_worker():
        call_command(
            "import_calls",
            "--engagement",
            str(cast.engagement.public_id),
            *who,
            *options,
            str(file),
            stdout=out,
        )
    told: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
    return told


def written(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "calls.csv"
    path.write_bytes(data)
    return path


def test_the_bank_file_by_command(cast: Cast) -> None:
    with backstage():
        Engagement.objects.filter(pk=cast.engagement.pk).update(
            kickoff_on=date(2008, 5, 1), launch_on=date(2008, 5, 5)
        )
    told = run(cast, UCI_FILE, "--preset", "uci-bank")
    expected = {
        "accepted": 45_211,
        "rejected": 0,
        "duplicates": 0,
        "dials": 124_956,
        "days": 561,
        "zone": "Europe/Lisbon",
    }
    assert expected.items() <= told.items()
    assert (told["first_day"], told["last_day"]) == ("2008-05-05", "2010-11-17")
    assert (told["reached"]["close"], told["reached"]["contact"]) == (5_289, None)


def test_the_preset_is_taken_from_the_header_and_the_zone_from_the_engagement(
    cast: Cast, tmp_path: Path
) -> None:
    told = run(cast, written(tmp_path, vicidial([{}, {"status": "WAT", "lead_id": "2"}])))
    assert (told["preset"], told["zone"], told["accepted"], told["rejected"]) == (
        "vicidial",
        "America/New_York",
        1,
        1,
    )
    assert told["unknown_codes"] == {"WAT": 1}


def test_the_same_file_again_changes_nothing_and_says_the_same(cast: Cast, tmp_path: Path) -> None:
    for data in (own([{}, {}]), own([{"call_id": "x"}, {"disposition": "WAT"}])):
        first = run(cast, written(tmp_path, data))
        again = run(cast, written(tmp_path, data))
        assert (first.pop("replayed"), again.pop("replayed")) == (False, True)
        assert first == again
    with backstage():
        assert CallRecord.objects.count() == 3


@pytest.mark.parametrize(
    ("data", "options", "words"),
    [
        (b"PK\x03\x04", (), "Excel workbook"),
        (b"name,age\nPat,40\n", (), "Say which export it is with --preset"),
        (own([{}]), ("--preset", "vicidial"), "lacks call_date"),
        (own([{}]), ("--zone", "Mars"), "is not a time zone"),
        (own([{}]), ("--as-user", "nobody@example.org"), "nobody with the address"),
        (own([{}]), ("--as-user", "clara@example.org"), "may not import calls"),
        (own([{}]), ("--as-user", "otto@example.org"), "sees no engagement"),
        (own([{}]), ("--engagement", str(uuid4())), "sees no engagement"),
        (own([{}]), ("--as-user", ""), "Say who imports"),
    ],
)
def test_what_cannot_be_is_said(
    cast: Cast, tmp_path: Path, data: bytes, options: tuple[str, ...], words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        run(cast, written(tmp_path, data), *options)


def test_a_file_that_is_not_there_is_said(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        run(cast, tmp_path / "absent.csv")
