"""Call logs as dialers write them, with made-up people and numbers."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

from kpis.imports.checks import Span
from kpis.imports.presets import PRESETS
from kpis.imports.result import Settings
from tests.paths import SHARED

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
UCI_FILE = SHARED / "data" / "uci_bank_marketing" / "bank-full.csv.gz"
STATUSES_FILE = SHARED / "data" / "vicidial_reference" / "vicidial_statuses.csv"

VICIDIAL_HEADER = [
    "call_date",
    "phone_number_dialed",
    "status",
    "user",
    "full_name",
    "campaign_id",
    "vendor_lead_code",
    "source_id",
    "list_id",
    "gmt_offset_now",
    "phone_code",
    "phone_number",
    "title",
    "first_name",
    "middle_initial",
    "last_name",
    "address1",
    "address2",
    "address3",
    "city",
    "state",
    "province",
    "postal_code",
    "country_code",
    "gender",
    "date_of_birth",
    "alt_phone",
    "email",
    "security_phrase",
    "comments",
    "length_in_sec",
    "user_group",
    "alt_dial",
    "rank",
    "owner",
    "lead_id",
    "list_name",
    "list_description",
    "status_name",
]
VICIDIAL_ROW = {
    "call_date": "2026-05-01 09:33:34",
    "phone_number_dialed": "6135550199",
    "status": "NI",
    "user": "1001",
    "full_name": "Jane Agent",
    "campaign_id": "SOLAR1",
    "vendor_lead_code": "V-778",
    "source_id": "FBLEADS",
    "list_id": "101",
    "gmt_offset_now": "-5.00",
    "phone_code": "1",
    "phone_number": "6135550199",
    "first_name": "Pat",
    "last_name": "Doe",
    "length_in_sec": "47",
    "user_group": "AGENTS",
    "alt_dial": "MAIN",
    "rank": "0",
    "lead_id": "5512",
    "list_name": "Facebook May",
    "status_name": "Not Interested",
}


def vicidial(rows: Iterable[Mapping[str, str]], *, delimiter: str = "\t", tail: str = "") -> bytes:
    """An export: each row is VICIDIAL_ROW with changes. `tail` goes behind each row, as extra fields leave it."""
    lines = [delimiter.join(VICIDIAL_HEADER)]
    for row in rows:
        values = VICIDIAL_ROW | row
        lines.append(delimiter.join(values.get(name, "") for name in VICIDIAL_HEADER) + tail)
    return ("\r\n".join(lines) + "\r\n").encode()


def statuses() -> list[dict[str, str]]:
    """VICIdial's 49 codes with their attributes."""
    with STATUSES_FILE.open(newline="") as file:
        return list(csv.DictReader(file))


def own(rows: Iterable[Mapping[str, object]], *, delimiter: str = ",") -> bytes:
    """Tollgate's own CSV: each row is a good call with changes; `call_id` counts up."""
    columns = ["call_id", "called_at", "disposition", "lead_id", "phone", "lead_source"]
    columns += ["agent", "agent_name", "duration_s", "dials"]
    rows = list(rows)
    columns += [
        name
        for name in ("lead_created_at", "attempt", "talk_s", "wrap_s")
        if any(name in row for row in rows)
    ]
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    for number, row in enumerate(rows, start=1):
        good = {"call_id": f"c{number}", "called_at": "2026-05-04 10:00:00", "disposition": "not_interested"}
        writer.writerow(good | row)
    return out.getvalue().encode()


def settings(preset: str = "tollgate", **changes: object) -> Settings:
    """How the tests read a file, unless they say otherwise: engagement and dialer in New York, all of 2026."""
    known = PRESETS[preset]
    given: dict[str, object] = {
        "preset": known,
        "zone": "America/New_York",
        "source_zone": "America/New_York",
        "now": NOW,
        "outcomes": known.outcomes,
        "span": Span() if preset == "uci-bank" else Span(date(2026, 1, 1), date(2026, 12, 31)),
    }
    return Settings(**(given | changes))  # type: ignore[arg-type]  # a test's free choice of settings
