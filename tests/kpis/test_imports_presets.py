"""The three exports that Tollgate knows, on real and on faithfully built files."""

from datetime import date

import pytest

from engagements.outcomes import Outcome
from engagements.stages import Stage
from kpis.imports.layout import look
from kpis.imports.parse import parse_calls
from kpis.imports.presets import OWN_COLUMNS, PRESETS, TOLLGATE, UCI_BANK, VICIDIAL
from tests.kpis.samples import UCI_FILE, own, settings, statuses, vicidial


def test_the_bank_file_comes_out_exactly() -> None:
    parsed = parse_calls(UCI_FILE.read_bytes(), settings("uci-bank"))
    assert (parsed.rows, parsed.accepted.height, parsed.rejected.height, parsed.duplicates.height) == (
        45_211,
        45_211,
        0,
        0,
    )
    assert (parsed.dials, parsed.days) == (124_956, 561)
    assert (parsed.first_day, parsed.last_day) == (date(2008, 5, 5), date(2010, 11, 17))
    by_source = dict(parsed.accepted["lead_source"].value_counts().rows())
    assert by_source == {"cellular": 29_285, "unknown": 13_020, "telephone": 2_906}
    by_year = dict(parsed.accepted["day"].dt.year().value_counts().rows())
    assert by_year == {2008: 27_729, 2009: 14_862, 2010: 2_620}
    assert parsed.accepted["call_key"].n_unique() == 45_211


def test_the_bank_file_tells_dials_and_closes_and_nothing_between() -> None:
    parsed = parse_calls(UCI_FILE.read_bytes(), settings("uci-bank"))
    assert parsed.reached == {
        Stage.DIAL: 124_956,
        Stage.CONTACT: None,
        Stage.QUALIFIED: None,
        Stage.TRANSFER: None,
        Stage.SHOW: None,
        Stage.CLOSE: 5_289,
    }
    assert parsed.accepted["hour"].null_count() == parsed.accepted["called_at"].null_count() == 45_211


UCI_HEADER = "contact;day;month;duration;campaign;y\n"


def bank(*rows: str) -> bytes:
    return (UCI_HEADER + "\n".join(rows) + "\n").encode()


def test_the_year_grows_when_the_month_goes_down() -> None:
    data = bank(
        "cellular;30;nov;1;1;no",
        "cellular;2;jan;1;1;no",
        "cellular;1;jan;1;1;no",
        "cellular;1;dec;1;1;no",
        "x;1;may;1;1;no",
    )
    days = parse_calls(data, settings("uci-bank")).accepted["day"].to_list()
    assert days == [
        date(2008, 11, 30),
        date(2009, 1, 2),
        date(2009, 1, 1),
        date(2009, 12, 1),
        date(2010, 5, 1),
    ]
    later = parse_calls(data, settings("uci-bank", first_year=2020)).accepted["day"].to_list()
    assert later[0] == date(2020, 11, 30)


def test_years_are_counted_over_the_seams_of_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = parse_calls(UCI_FILE.read_bytes(), settings("uci-bank"))
    monkeypatch.setattr("kpis.imports.rows.BLOCK", 997)
    assert parse_calls(UCI_FILE.read_bytes(), settings("uci-bank")).accepted.equals(whole.accepted)


def test_all_dials_of_a_row_count_on_its_day() -> None:
    parsed = parse_calls(bank("cellular;5;may;1;63;yes"), settings("uci-bank"))
    assert parsed.accepted.select("day", "dials", "outcome").row(0) == (date(2008, 5, 5), 63, "closed")


def test_identical_rows_without_an_id_are_different_calls_with_stable_keys() -> None:
    row = "cellular;5;may;1;1;no"
    three = parse_calls(bank(row, row, row), settings("uci-bank")).accepted["call_key"].to_list()
    assert len(set(three)) == 3
    assert parse_calls(bank(row, row), settings("uci-bank")).accepted["call_key"].to_list() == three[:2]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("cellular;31;jun;1;1;no", "“31 jun” is not a day and month."),
        ("cellular;5;mai;1;1;no", "“5 mai” is not a day and month."),
        ("cellular;5;may;1;x;no", "campaign “x” is not a number of dials"),
        ("cellular;5;may;1;1;maybe", "Y “maybe” has no meaning"),
    ],
)
def test_bad_rows_of_the_bank_file(row: str, words: str) -> None:
    assert words in parse_calls(bank(row), settings("uci-bank")).rejected["reason"][0]


def test_a_vicidial_row() -> None:
    parsed = parse_calls(vicidial([{}]), settings("vicidial"))
    row = parsed.accepted.row(0, named=True)
    assert row["called_at"].isoformat() == "2026-05-01T13:33:34+00:00"
    assert (row["day"], row["hour"]) == (date(2026, 5, 1), 9)
    assert (row["agent"], row["agent_name"], row["lead_source"]) == ("1001", "Jane Agent", "FBLEADS")
    assert (row["code"], row["outcome"], row["depth"]) == ("NI", "not_interested", Stage.CONTACT)
    assert (row["duration_s"], row["phone"], row["lead_ref"], row["dials"]) == (47, "6135550199", "5512", 1)


def test_a_contact_is_customer_contact_or_sale_or_a_spoken_dnc() -> None:
    codes = statuses()
    rows = [{"status": code["status"], "lead_id": str(n)} for n, code in enumerate(codes)]
    parsed = parse_calls(vicidial(rows), settings("vicidial"))
    assert parsed.accepted.height == parsed.dials == 49
    spoken = {
        code["status"]
        for code in codes
        if "Y" in (code["customer_contact"], code["sale"]) or code["status"] == "DNC"
    }
    assert set(parsed.accepted.filter(parsed.accepted["depth"] >= Stage.CONTACT)["code"]) == spoken
    assert parsed.reached[Stage.CONTACT] == len(spoken) == 8
    assert parsed.reached[Stage.CLOSE] == 1
    assert parsed.reached[Stage.QUALIFIED] is None
    assert parsed.reached[Stage.SHOW] is None


def test_a_code_added_by_the_campaign_adds_what_the_file_can_tell() -> None:
    outcomes = {**VICIDIAL.outcomes, "QUAL": Outcome.QUALIFIED}
    parsed = parse_calls(vicidial([{"status": "QUAL"}]), settings("vicidial", outcomes=outcomes))
    assert parsed.reached[Stage.QUALIFIED] == 1


def test_what_no_code_in_use_keeps_books_on_is_unknown_and_not_zero() -> None:
    few = parse_calls(own([{"disposition": "no_answer"}, {"disposition": "transfer_set"}]), settings())
    assert few.reached == {
        Stage.DIAL: 2,
        Stage.CONTACT: 1,
        Stage.QUALIFIED: None,
        Stage.TRANSFER: 1,
        Stage.SHOW: None,
        Stage.CLOSE: None,
    }
    more = parse_calls(own([{"disposition": "no_show"}, {"disposition": "not_qualified"}]), settings())
    assert (more.reached[Stage.SHOW], more.reached[Stage.QUALIFIED]) == (0, 1)


def test_system_users_are_no_agents() -> None:
    parsed = parse_calls(
        vicidial([{"user": "VDAD", "full_name": "Outbound Auto Dial"}]), settings("vicidial")
    )
    assert parsed.accepted.select("agent", "agent_name").row(0) == (None, None)


@pytest.mark.parametrize(
    ("row", "source"),
    [({}, "FBLEADS"), ({"source_id": ""}, "Facebook May"), ({"source_id": "", "list_name": ""}, "101")],
)
def test_the_lead_source_is_the_first_that_is_filled(row: dict[str, str], source: str) -> None:
    assert parse_calls(vicidial([row]), settings("vicidial")).accepted["lead_source"].to_list() == [source]


def test_trailing_tabs_and_stray_quotes_of_the_export_do_no_harm() -> None:
    data = vicidial(
        [{"comments": 'said "call later'}, {"lead_id": "2", "last_name": '"Doe"'}], tail="\t\t\tX"
    )
    parsed = parse_calls(data, settings("vicidial"))
    assert parsed.accepted.height == 2


def test_columns_are_found_by_name_when_a_fork_leaves_one_out() -> None:
    data = vicidial([{}]).decode().replace("full_name\t", "").replace("Jane Agent\t", "").encode()
    row = parse_calls(data, settings("vicidial")).accepted.row(0, named=True)
    assert (row["agent"], row["agent_name"], row["duration_s"], row["lead_ref"]) == ("1001", None, 47, "5512")


def test_the_comma_form_of_a_spreadsheet() -> None:
    data = vicidial([{"full_name": '"Agent, Jane"'}], delimiter=",")
    assert parse_calls(data, settings("vicidial")).accepted["agent_name"].to_list() == ["Agent, Jane"]


def test_the_same_second_lead_number_and_campaign_is_the_same_call() -> None:
    rows = [{}, {"status": "SALE", "length_in_sec": "90"}, {"lead_id": "5513"}]
    parsed = parse_calls(vicidial(rows), settings("vicidial"))
    assert (parsed.accepted.height, parsed.duplicates.height) == (2, 1)


def test_another_zone_does_not_make_other_calls_of_the_same_file() -> None:
    one = parse_calls(vicidial([{}]), settings("vicidial")).accepted
    two = parse_calls(vicidial([{}]), settings("vicidial", source_zone="UTC")).accepted
    assert one["call_key"].to_list() == two["call_key"].to_list()
    assert one["called_at"].to_list() != two["called_at"].to_list()


def test_every_outcome_has_a_stage_and_every_preset_maps_to_outcomes() -> None:
    assert {outcome.stage for outcome in Outcome} == set(Stage)
    assert Outcome.ABANDONED.stage is Stage.DIAL
    for preset in PRESETS.values():
        assert all(isinstance(outcome, Outcome) for outcome in preset.outcomes.values())
    assert look(UCI_FILE.read_bytes()).preset is UCI_BANK


def test_the_columns_told_are_the_columns_read() -> None:
    assert "agent_name" not in OWN_COLUMNS, (
        "an agent is known by one name, and a column that goes nowhere is no promise"
    )
    assert set(OWN_COLUMNS) == {column for columns in TOLLGATE.columns.values() for column in columns}
