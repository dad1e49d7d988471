"""Reports on agents are no call logs: said in a sentence, and read as sums per agent."""

import gzip

import pytest

from common.errors import Refused
from kpis.imports import agent_reports
from kpis.imports.agent_reports import read_agents
from kpis.imports.layout import look

TIME = (
    "Agent Time Detail                     2026-05-05 08:00:01\r\n"
    "Time range: 2026-05-04 00:00:00 to 2026-05-04 23:59:59\r\n\r\n"
    "USER,ID,CALLS,TIME CLOCK,LOGIN TIME,WAIT,WAIT %,TALK,TALK TIME %,DISPO,DISPOTIME %,PAUSE,PAUSETIME %,DEAD,"
    "DEAD TIME %,CUSTOMER,CONNECTED,LUNCH,VISIBLE,HIDDEN\r\n"
    "Jane Agent,1001,120,8:00:00,7:55:00,3:00:00,37.89 %,2:30:00,31.58 %,0:30:00,6.32 %,1:55:00,24.21 %,0:05:00,1 %,"
    "2:25:00,2:25:00,0:30:00,1,0\r\n"
    "TOTALS,1,120,8:00:00,7:55:00,3:00:00,37.89 %,2:30:00,31.58 %,0:30:00,6.32 %,1:55:00,24.21 %,0:05:00,1 %,"
    "2:25:00,2:25:00,0:30:00,1,0\r\n"
)
PERFORMANCE = (
    '"Agent Performance Detail 2026-05-05 08:00:01"\n"Time range: 2026-05-04 to 2026-05-04"\n\n'
    '"---------- AGENTS Details -------------"\n'
    '"USER NAME","ID","CURRENT USER GROUP","MOST RECENT USER GROUP","CALLS","TIME","PAUSE","PAUSAVG","WAIT","WAITAVG",'
    '"TALK","TALKAVG","DISPO","DISPAVG","DEAD","DEADAVG","CUSTOMER","CUSTAVG","NI","SALE"\n'
    '"Jane Agent","1001","AGENTS","AGENTS","12","3600","600","50","1200","100","1500","125","300","25","0","0","1500",'
    '"125","9","3"\n"TOTALS","1","","","12","3600","600","50","1200","100","1500","125","300","25","0","0","1500","125"\n'
)
FIVE9 = (
    "AGENT NAME,LOGIN TIME,NOT READY TIME,CALLS count,TALK TIME,AFTER CALL WORK TIME\n"
    "Jane,07:00:00,00:30:00,80,03:00:00,00:20:00\n"
)
GENESYS = (
    "Interval Start,Interval End,Interval Complete,Filters,Media Type,Agent Id,Agent Name,Handle,Avg Handle,Total Talk,"
    "Total ACW\n5/4/26 12:00 AM,5/5/26 12:00 AM,TRUE,,voice,a-1,Jane Agent,80,100000,7200500,600000\n"
)


@pytest.mark.parametrize(
    ("text", "label", "figures"),
    [
        (TIME, "VICIdial's agent time report", ("1001", 120, 28_500, 9_000, 1_800, 6_900)),
        (PERFORMANCE, "VICIdial's agent performance report", ("1001", 12, 3_600, 1_500, 300, 600)),
        (FIVE9, "Five9's agent report", (None, 80, 25_200, 10_800, 1_200, 1_800)),
        (GENESYS, "Genesys Cloud's agent performance view", ("a-1", 80, None, 7_200, 600, None)),
    ],
)
def test_a_report_on_agents(text: str, label: str, figures: tuple[object, ...]) -> None:
    with pytest.raises(Refused, match=f"This is {label}: each row is one agent's sum"):
        look(text.encode())
    report, agents = read_agents(text.encode())
    assert report.label == label
    assert agents.select("agent", "calls", "login", "talk", "wrap", "pause").rows() == [figures]


def test_an_end_of_day_sheet_is_no_call_log() -> None:
    with pytest.raises(Refused, match="end-of-day sheet"):
        look(
            b'"Outbound Calling Stats","2026-05-05"\n"Total Calls placed from this Campaign:","123"\n"a","b"\n'
        )


def test_a_call_log_is_no_report_on_agents() -> None:
    with pytest.raises(Refused, match="no report on agents"):
        read_agents(b"call_id,called_at,disposition\n1,2026-05-04,closed\n")


def test_a_report_is_read_only_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read while somebody waits, so neither its packing nor its length may cost more than a report does."""
    report = "agent_id,interval_start,interval_end,handle\n" + "a1,2026-03-16,2026-03-17,4\n" * 3
    assert agent_reports.read_report(report.encode()).agents.height == 3
    monkeypatch.setattr(agent_reports, "MOST_ROWS", 2)
    with pytest.raises(Refused, match="more than 2 rows"):
        agent_reports.read_report(report.encode())
    monkeypatch.setattr(agent_reports, "MAX_UNPACKED", 100)
    with pytest.raises(Refused, match="unpacks to more than 100 bytes"):
        agent_reports.read_report(gzip.compress(report.encode()))
