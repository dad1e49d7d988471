"""Each dialer's export as it was seen, with made-up people and numbers: recognised by itself and read as it means."""

from datetime import UTC, date, datetime

import pytest

from common.errors import Refused
from engagements.outcomes import Outcome
from engagements.stages import Stage
from kpis.imports.dates import DateOrder
from kpis.imports.layout import look
from kpis.imports.parse import parse_calls
from kpis.imports.presets import PRESETS, SYSTEMS, recognise
from kpis.imports.result import Parsed
from tests.kpis.samples import VICIDIAL_HEADER, VICIDIAL_ROW, settings, vicidial

Row = dict[str, object]


def read(text: str | bytes, preset: str, **changes: object) -> Parsed:
    """The file, which must be recognised as this preset by itself."""
    data = text if isinstance(text, bytes) else text.encode()
    found = look(data).preset
    assert found is PRESETS[preset], found
    return parse_calls(data, settings(preset, **changes))


def first(parsed: Parsed) -> Row:
    assert parsed.rejected.is_empty(), parsed.rejected["reason"].to_list()
    return parsed.accepted.row(0, named=True)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]  # year, month, day, hour, minute, second


def test_vicidial_with_all_its_extra_fields() -> None:
    extra = {
        "entry_date": "2026-04-30 08:00:00", "called_count": "3", "recording_location": "https://rec.example/1.mp3",
        "wrapup_time": "12", "uniqueid": "1714570414.55", "did_pattern": "",
    }  # fmt: skip
    row = VICIDIAL_ROW | {"state": "NY", "postal_code": "02134"}
    header = [*VICIDIAL_HEADER, *extra]
    text = "\t".join(header) + "\r\n" + "\t".join((row | extra).get(name, "") for name in header) + "\t\t\r\n"
    call = first(read(text, "vicidial"))
    assert (call["region"], call["postal_code"], call["attempt"], call["wrap_s"]) == ("NY", "02134", 3, 12)
    assert (call["call_ref"], call["recording"]) == ("1714570414.55", "https://rec.example/1.mp3")
    assert call["lead_created_at"] == utc(2026, 4, 30, 12)


def test_vicidials_inbound_rows_are_left_out_where_a_did_says_so() -> None:
    rows = [VICIDIAL_ROW | {"did_pattern": did} for did in ("", "6135550100")]
    header = [*VICIDIAL_HEADER, "did_pattern"]
    text = "\n".join(
        "\t".join(row.get(name, "") for name in header) for row in ({n: n for n in header}, *rows)
    )
    parsed = read(text, "vicidial")
    assert (parsed.accepted.height, parsed.left_out) == (1, {"inbound": 1})


def test_vicidials_alternate_form() -> None:
    text = (
        "call_date|phone_number_dialed|status|campaign_id|vendor_lead_code|source_id|first_name|last_name|"
        "length_in_sec\r\n202605010933|6135550199|NI|SOLAR1|V-778|FBLEADS|Pat|Doe|47\r\n"
    )
    call = first(read(text, "vicidial"))
    assert (call["called_at"], call["lead_source"], call["duration_s"]) == (
        utc(2026, 5, 1, 13, 33),
        "FBLEADS",
        47,
    )


@pytest.mark.parametrize("bar", ["|", "\t"])
def test_vicidials_call_log_without_header(bar: str) -> None:
    rows = [
        f"2026-05-01 09:33:{n:02d}|613555019{n}|V-{n}|SALE|1001|Pat|Doe|551{n}|101|SOLAR1|47|FBLEADS|"
        for n in range(3)
    ]
    parsed = read("\n".join(rows).replace("|", bar), "vicidial-call-log")
    call = first(parsed)
    assert (parsed.rows, parsed.layout.header_row, call["row_no"]) == (3, 0, 1)
    assert (call["outcome"], call["agent"], call["lead_ref"], call["lead_source"]) == (
        "closed",
        "1001",
        "5510",
        "FBLEADS",
    )


@pytest.mark.parametrize("form", ["pipe", "csv"])
def test_vicidials_sales_export_names_fronter_and_closer(form: str) -> None:
    cells = [
        "Pat", "Doe", "1 Elm St", "", "Albany", "NY", "12207", "6135550199", "", "", "wants, a call",
        "2026-05-01 09:33:34", "5512", "101", "1001", "Jane Agent", "SALE", "V-778", "FBLEADS", "Solar", "SOLAR1",
        "", "2002", "Cole Closer", "0", "",
    ]  # fmt: skip
    line = "|".join(cells) + "|" if form == "pipe" else ",".join(f'"{cell}"' for cell in cells)
    call = first(read(line + "\r\n", "vicidial-sales"))
    assert (call["agent"], call["agent_name"], call["closer"]) == ("1001", "Jane Agent", "2002")
    assert (call["region"], call["postal_code"], call["outcome"]) == ("NY", "12207", "closed")


def test_all_of_vicidials_exports_share_one_map_of_codes() -> None:
    assert {preset.system for name, preset in PRESETS.items() if name.startswith("vicidial")} == {"vicidial"}
    assert all(preset.system in SYSTEMS for preset in PRESETS.values())


def test_a_merged_vicidial_sheet_leaves_inbound_rows_out() -> None:
    text = (
        "phone_number,call_date,length_in_sec,status,status_name,direction,full_name,user,user_group,campaign_id\n"
        "6135550199,2026-06-18 09:33:34,47,SALE,Sale,outbound,Jane Agent,1001,AGENTS,SOLAR1\n"
        "6135550198,2026-06-18 09:34:34,47,DROP,Drop,inbound,,VDCL,AGENTS,SOLAR1\n"
    )
    parsed = read(text, "vicidial-merged")
    assert (parsed.accepted.height, parsed.left_out, first(parsed)["direction"]) == (
        1,
        {"inbound": 1},
        "outbound",
    )


FIVE9 = (
    "CALL ID,TIMESTAMP,CAMPAIGN,CALL TYPE,AGENT,AGENT NAME,DISPOSITION,ANI,CUSTOMER NAME,DNIS,CALL TIME,"
    "BILL TIME (ROUNDED),COST,IVR TIME,QUEUE WAIT TIME,RING TIME,TALK TIME,HOLD TIME,PARK TIME,AFTER CALL WORK TIME,"
    "TRANSFERS,CONFERENCES,HOLDS,ABANDONED,RECORDINGS\n"
)


def test_five9() -> None:
    text = FIVE9 + (
        '24382,"Wed, 27 May 2026 14:51:34",[Deleted],Autodial,[None],,No Disposition,8885550123,Pat Doe,9255550147,'
        "00:00:03,00:00:06,0.0036,00:00:03,00:00:00,,00:00:00,00:00:00,00:00:00,00:00:00,,,,0,\n"
        '24383,"Wed, 27 May 2026 15:00:00",Solar,Inbound,jane,Jane Agent,No Disposition,9255550148,Pat Doe,8885550123,'
        "00:01:03,00:01:06,0.0036,,00:00:00,,00:00:50,00:00:00,00:00:00,00:00:09,,,,0,\n"
    )
    parsed = read(text, "five9")
    call = first(parsed)
    assert call["called_at"] == utc(2026, 5, 27, 18, 51, 34)
    assert (call["phone"], call["agent"], call["duration_s"], call["talk_s"]) == ("9255550147", None, 3, 0)
    assert (call["call_ref"], call["outcome"], parsed.left_out) == ("24382", "other", {"inbound": 1})


def test_five9_legs_are_one_call_with_its_deepest_outcome() -> None:
    def leg(minute: int, agent: str, code: str, talk: str) -> str:
        return (
            f'7,"Wed, 27 May 2026 14:{minute}:00",Solar,Manual,{agent},,{code},8885550123,Pat,9255550147,'
            f"00:09:00,,,,,,{talk},,,00:00:10,,,,0,\n"
        )

    text = FIVE9 + leg(51, "jane", "No Disposition", "00:01:00") + leg(55, "cole", "Do Not Call", "00:03:00")
    parsed = read(text, "five9")
    call = first(parsed)
    assert (parsed.accepted.height, parsed.joined, parsed.duplicates.height) == (1, 1, 0)
    assert (call["outcome"], call["agent"], call["talk_s"]) == ("dnc", "cole", 180)
    assert call["called_at"] == utc(2026, 5, 27, 18, 51)


def test_legs_are_joined_however_far_apart_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    def leg(call: int, minute: int, code: str) -> str:
        return (
            f'{call},"Wed, 27 May 2026 14:{minute}:00",Solar,Manual,jane,,{code},8885550123,Pat,9255550147,'
            "00:09:00,,,,,,00:01:00,,,00:00:10,,,,0,\n"
        )

    text = FIVE9 + "".join(
        leg(call, 10 + turn, code)
        for turn, code in enumerate(("No Disposition", "Do Not Call"))
        for call in range(9)
    )
    whole = read(text, "five9")
    monkeypatch.setattr("kpis.imports.rows.BLOCK", 4)
    monkeypatch.setattr("kpis.imports.parse.BLOCK", 4)
    parsed = read(text, "five9")
    assert (parsed.calls, parsed.joined) == (9, 9)
    assert parsed.accepted.equals(whole.accepted)


def test_convosos_codes_are_its_own() -> None:
    text = (
        "id,lead_id,list_id,campaign_id,campaign,user,user_id,phone_number,number_dialed,first_name,last_name,status,"
        "status_name,call_length,call_date,agent_comment\n"
        "1,9,101,5,Solar,Jane Agent,77,6135550199,16135550199,Pat,Doe,N,Dead Air,4,2026-05-01 09:33:34,\n"
        "2,9,101,5,Solar,Jane Agent,77,6135550199,16135550199,Pat,Doe,A,Answering Machine,40,2026-05-01 10:33:34,\n"
    )
    parsed = read(text, "convoso")
    assert parsed.accepted["outcome"].to_list() == ["failed", "machine"]
    assert PRESETS["vicidial"].outcomes["N"] is Outcome.NO_ANSWER
    assert (first(parsed)["phone"], first(parsed)["agent"]) == ("16135550199", "77")


GENESYS = (
    '"Full Export Completed","Partial Result Timestamp","Filters","Media Type","Users","Remote","Date","End Date",'
    '"Duration","Direction","ANI","DNIS","Queue","Wrap-up","Flow","Conversation ID"\n'
)


def genesys(*rows: tuple[str, ...]) -> str:
    """Rows of (complete, users, date, direction, wrap-up, id)."""
    return GENESYS + "".join(
        f'"{whole}","","","voice","{users}","","{at}","","61500","{way}","tel:+16135550100","tel:+16135550199",'
        f'"Solar; Backup","{code}","","{number}"\n'
        for whole, users, at, way, code, number in rows
    )


def test_genesys() -> None:
    text = genesys(
        ("NO", "Jane Agent; Cole Closer", "6/23/26 07:00 AM", "Outbound", "Sold; Later", "c-1"),
        ("NO", "", "6/23/26 07:30 PM", "Outbound", "", "c-2"),
        ("NO", "Jane Agent", "6/23/26 08:00 AM", "Inbound", "Sold", "c-3"),
    )
    parsed = read(
        text,
        "genesys",
        outcomes={"Sold": Outcome.CLOSED, "Later": Outcome.CALLBACK, "No wrap-up": Outcome.OTHER},
    )
    call = first(parsed)
    assert (call["called_at"], call["duration_s"]) == (utc(2026, 6, 23, 11), 62)
    assert (call["code"], call["agent"], call["phone"]) == ("Sold", "Jane Agent", "+16135550199")
    assert parsed.accepted["called_at"][1] == utc(2026, 6, 23, 23, 30)
    assert (parsed.incomplete, parsed.left_out) == (True, {"inbound": 1})
    assert parsed.dates.order is DateOrder.MONTH_FIRST


def test_an_unknown_code_in_a_list_is_not_hidden_by_a_known_one() -> None:
    text = genesys(("YES", "J", "6/23/26 07:00 AM", "Outbound", "Sold; Wat", "c-1"))
    parsed = read(text, "genesys", outcomes={"Sold": Outcome.CLOSED})
    assert parsed.codes.rows() == [("Wat", None, 1)]
    assert not parsed.incomplete


AIRCALL = (
    "line,datetime (tz offset incl.),number timezone,datetime (utc),country_code,direction,from,to,answered,"
    "missed_call_reason,user,duration (total),duration (in call),voicemail,recording,comments,tags,call quality,team,"
    "call direction - type,call start time,call end time,aircall number,customer number,in-call duration,call id,"
    "call type,waiting time,time to answer,time in ivr,call id (internal),disconnected by,ivr branch,ivr widget,"
    "call timeline,callback details,callback failure,automatic callback pending time,time with ai voice agent,"
    "entry number,ai voice agent transfer branch\n"
)


def test_aircall_is_read_by_its_clock_in_utc() -> None:
    def call(way: str, answered: str, reason: str, user: str, tags: str, number: int) -> str:
        return (
            f"Sales (Enquiry),2026-05-04 07:57:14,Etc/UTC,2026-05-04 07:57:14.083,AU,{way},61400000001,61390000002,"
            f"{answered},{reason},{user},217,,,,,{tags},,Sales,x,2026-05-04 18:57:14,2026-05-04 19:00:51,"
            f"Sales (+61 3 9000 0002),+61 400 000 001,,CA{number},x,00:03:37,,00:01:02,{number}"
            + "," * 10
            + "\n"
        )

    text = (
        AIRCALL
        + call("outbound", "No", "", "[No associated user]", "", 1)
        + call("inbound", "No", "", "x", "", 2)
    )
    parsed = read(
        text + call("outbound", "Yes", "", "Jane", "", 3), "aircall", source_zone="Australia/Sydney"
    )
    row = first(parsed)
    assert row["called_at"] == datetime(2026, 5, 4, 7, 57, 14, tzinfo=UTC)
    assert (row["phone"], row["agent"], row["code"], row["duration_s"]) == (
        "+61 400 000 001",
        None,
        "No",
        217,
    )
    assert parsed.left_out == {"inbound": 1}
    assert Stage.CONTACT not in parsed.measures, "that a line was answered is no contact"


def test_talkdesk() -> None:
    text = (
        "Interaction ID,Contact ID,Company Number,Phone Display Name,Contact Person Number,Direction,Contact Type,"
        "Started At,Talk Time,After Call Work Time,Duration,User Name,User ID\n"
        "i1,c1,+13125550100,Main,+16135550199,Outbound,outbound_connected,2026-05-04 10:00:00,00:01:00,15,75,Jane,u1\n"
        "i1,c2,+13125550100,Main,+16135550199,Outbound,outbound_connected,2026-05-04 10:00:30,00:02:00,5,99,Cole,u2\n"
    )
    parsed = read(text, "talkdesk")
    call = first(parsed)
    assert (parsed.accepted.height, parsed.joined) == (1, 1)
    assert (call["talk_s"], call["wrap_s"], call["duration_s"], call["agent"]) == (120, 15, 99, "u1")


def test_hubspot_by_property_and_by_page() -> None:
    text = (
        "id,hs_timestamp,hs_call_direction,hs_call_disposition,hs_call_duration,hs_call_to_number,hubspot_owner_id\n"
        "1,1777903200000,OUTBOUND,f240bbac-87c9-4f6e-bf70-924b57d47db7,61000,+16135550199,9\n"
        "2,2026-05-04T14:00:00Z,OUTBOUND,73a0d17f-1163-4015-bdd5-ec830791da20,0,+16135550199,9\n"
    )
    parsed = read(text, "hubspot")
    assert parsed.accepted["called_at"].to_list() == [utc(2026, 5, 4, 14)] * 2
    assert parsed.accepted["outcome"].to_list() == ["contacted", "no_answer"]
    assert parsed.accepted["duration_s"].to_list() == [61, 0]
    page = (
        "Record ID,Call Title,Call direction,Call duration,Call outcome,Activity date,Activity assigned to\n"
        "1,Hello,Outbound,00:01:01,Left voicemail,2026-05-04 10:00,Jane Agent\n"
    )
    call = first(read(page, "hubspot-page"))
    assert (call["called_at"], call["duration_s"], call["outcome"]) == (utc(2026, 5, 4, 14), 61, "machine")


def test_ringcentral_has_date_and_time_in_two_columns_and_its_weekdays_tell_the_order() -> None:
    text = (
        "Direction,Type,Phone Number,Name,Date,Time,Action,Action Result,Result Description,Duration\n"
        "Outgoing,Voice,+1 613-555-0199,Jane,Wed 05/06/2026,9:05 AM,Phone Call,Call connected,,0:01:23\n"
        "Incoming,Voice,+1 613-555-0199,Jane,Wed 05/06/2026,9:06 PM,Phone Call,Missed,,0:00:03\n"
    )
    parsed = read(text, "ringcentral")
    call = first(parsed)
    assert (call["called_at"], call["day"], call["duration_s"]) == (
        utc(2026, 5, 6, 13, 5),
        date(2026, 5, 6),
        83,
    )
    assert parsed.left_out == {"inbound": 1}


def test_twilios_parent_and_child_are_one_call() -> None:
    text = (
        "sid,parent_call_sid,to,from,status,direction,start_time,duration,answered_by\n"
        'CA1,,+16135550199,+13125550100,completed,outbound-api,"Mon, 04 May 2026 14:00:00 +0000",60,human\n'
        'CA2,CA1,+13125550111,+13125550100,no-answer,outbound-dial,"Mon, 04 May 2026 14:00:20 +0000",40,\n'
        'CA3,,+16135550198,+13125550100,busy,outbound-api,"Mon, 04 May 2026 15:00:00 +0000",0,\n'
    )
    parsed = read(text, "twilio")
    assert (parsed.accepted.height, parsed.joined) == (2, 1)
    assert first(parsed)["called_at"] == utc(2026, 5, 4, 14)
    assert (first(parsed)["phone"], first(parsed)["call_ref"]) == ("+16135550199", "CA1")


def test_salesforce_by_query_and_by_report_with_its_footer() -> None:
    text = (
        "Id,CallType,CallDurationInSeconds,CallDisposition,CreatedDate,Subject,WhoId,OwnerId\n"
        "00T1,Outbound,47,Left Voicemail,2026-05-04T14:00:00.000+0000,Call,00Q1,0051\n"
        "00T2,Outbound,0,,2026-05-04T14:01:00.000+0000,Call,00Q2,0051\n"
    )
    parsed = read(text, "salesforce")
    assert first(parsed)["called_at"] == utc(2026, 5, 4, 14)
    assert parsed.accepted["outcome"].to_list() == ["machine", "other"]
    report = (
        "Subject,Assigned,Date,Status,Priority,Call Type,Call Duration,Call Result,Lead\n"
        "Call,Jane,5/14/2026,Completed,Normal,Outbound,47,No Answer,Pat Doe\n\n"
        'Calls of May\n"Confidential Information - Do Not Distribute"\n"Copyright (c) 2000-2026 example"\n'
    )
    parsed = read(report, "salesforce-report")
    assert (parsed.rows, first(parsed)["day"], first(parsed)["hour"]) == (1, date(2026, 5, 14), None)
    assert parsed.layout.tail[0] == "Calls of May"


def test_asterisks_master_file_in_both_orders_and_as_a_table() -> None:
    master = (
        '"","613","15555550100","from-internal","""Jane"" <613>","SIP/613-1","SIP/trunk-1","Dial",'
        '"SIP/trunk/15555550100,30","2026-05-01 09:33:34","2026-05-01 09:33:41","2026-05-01 09:34:30",56,49,"ANSWERED",'
        '"DOCUMENTATION","171.1","","","171.1",1\n'
        '"","613","15555550100","from-internal","x","SIP/613-1","SIP/trunk-1","Dial","x","2026-05-01 09:33:50","",'
        '"2026-05-01 09:34:30",40,0,"NO ANSWER","DOCUMENTATION","171.2","","","171.1",2\n'
    )
    parsed = read(master, "asterisk")
    call = first(parsed)
    assert (parsed.accepted.height, parsed.joined, call["row_no"]) == (1, 1, 1)
    assert (call["phone"], call["agent"], call["duration_s"], call["talk_s"]) == (
        "15555550100",
        "613",
        56,
        49,
    )
    assert Stage.CONTACT not in parsed.measures
    bare = master.splitlines()[0].rsplit(",", 5)[0] + "\n"
    assert first(read(bare, "asterisk"))["phone"] == "15555550100"
    custom = (
        '"""Jane"" <613>","613","15555550100","from-internal","SIP/1","SIP/2","Dial","x","2026-05-01 09:33:34","",'
        '"2026-05-01 09:34:30","40","0","NO ANSWER","DOCUMENTATION","","171.2",""\n'
    )
    assert first(read(custom, "asterisk-custom"))["outcome"] == "no_answer"
    table = (
        "calldate,clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,duration,billsec,disposition,amaflags,"
        "accountcode,uniqueid,userfield\n"
        "2026-05-01 09:33:34,x,613,15555550100,from-trunk-1,,,Dial,x,40,0,BUSY,3,,171.3,\n"
    )
    assert read(table, "asterisk-table").left_out == {"inbound": 1}


@pytest.mark.parametrize(("extra", "preset"), [("", "freeswitch"), ('"16",', "freeswitch-pusher")])
def test_freeswitch_without_header(extra: str, preset: str) -> None:
    line = (
        '"Jane","613","15555550100","default","2026-05-01 09:33:34","","2026-05-01 09:34:30","56","0","USER_BUSY",'
        + extra
        + '"0f6e8f6e-1111-4222-8333-444444444444","","1001"\n'
    )
    call = first(read(line, preset))
    assert (call["outcome"], call["agent"], call["duration_s"]) == ("busy", "1001", 56)
    assert call["call_ref"] == "0f6e8f6e-1111-4222-8333-444444444444"


def test_a_date_order_that_no_row_decides_is_asked_for_and_never_guessed() -> None:
    text = genesys(*[("YES", "J", f"{n}/{n + 1}/26 07:00 AM", "Outbound", "", f"c-{n}") for n in range(1, 5)])
    with pytest.raises(Refused, match="No date in this file tells whether the day or the month comes first"):
        read(text, "genesys")
    days = read(text, "genesys", date_order=DateOrder.DAY_FIRST).accepted["day"].to_list()
    assert days[0] == date(2026, 2, 1)
    assert read(text, "genesys", date_order=DateOrder.MONTH_FIRST).accepted["day"].to_list()[0] == date(
        2026, 1, 2
    )


def test_a_file_that_contradicts_itself_or_the_choice_is_refused() -> None:
    both = genesys(
        ("YES", "J", "1/31/26 07:00 AM", "Outbound", "", "c-1"),
        ("YES", "J", "31/1/26 07:00 AM", "Outbound", "", "c-2"),
    )
    with pytest.raises(Refused, match="in two ways"):
        read(both, "genesys")
    one = genesys(("YES", "J", "1/31/26 07:00 AM", "Outbound", "", "c-1"))
    with pytest.raises(Refused, match="cannot be read as day first"):
        read(one, "genesys", date_order=DateOrder.DAY_FIRST)


def test_title_lines_above_and_totals_below_are_no_calls() -> None:
    body = vicidial([{}, {"lead_id": "2"}]).decode()
    text = (
        "Export Calls Report 2026-05-02\nTime range: 2026-05-01 to 2026-05-02\n\n" + body + "TOTALS\t2\t94\n"
    )
    parsed = read(text, "vicidial")
    assert (parsed.rows, parsed.accepted.height, parsed.layout.header_row) == (2, 2, 4)
    assert parsed.accepted["row_no"].to_list() == [5, 6]
    assert parsed.layout.tail == ("TOTALS\t2\t94",)


def test_every_preset_has_room_in_its_column_and_a_column_for_each_key() -> None:
    for preset in PRESETS.values():
        assert len(preset.name) <= 20
        assert preset.shape or recognise(preset.signature) is preset
        assert set(preset.key) <= set(preset.columns)
        assert preset.signature <= set(preset.places) or not preset.places
