"""How each engagement of the demo goes, from its opening to the day on which it stands now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.founding import found_organisation
from accounts.models import User
from accounts.roles import Side
from accounts.seat import Seat
from common import clock
from engagements.clearance import CertificationKind
from reports.snapshots import Kind

from .cast import BEN, CALEB, CLARA, DEMO_PASSWORD, HELEN, LENA, MARA, NORA, PEOPLE, SAM, Person
from .scripts import ALARM, AUTUMN, BATTERY, HEAT, PATIO, SPRING, alarm, autumn, patio, spring
from .story import Story
from .story.agreement import seat_in_organisation

ZONE = "America/New_York"  # where all of them are called


@dataclass(frozen=True)
class Stage:
    """What every course starts from; `seat` is that of the first operator's campaign manager."""

    today: date
    now: datetime
    users: Mapping[Person, User]
    seat: Seat


def begin(now: datetime) -> Stage:
    """The accounts of everybody, and the organisation that is there before any engagement."""
    with clock.stopped_at(now - timedelta(days=110)):
        users = {
            person: User.objects.create_user(
                email=person.email, name=person.name, password=DEMO_PASSWORD, is_demo=True
            )
            for person in PEOPLE
        }
        seat = found_organisation(name=MARA.organisation, admin=users[MARA])
    return Stage(now.astimezone(ZoneInfo(ZONE)).date(), now, users, seat)


def play_all(stage: Stage, tell: Callable[[str], object]) -> str:
    """Play all engagements, telling of each before it; returns the token of a closer's link that waits."""
    token = ""
    for line, course in COURSES:
        tell(line)
        token = course(stage) or token
    return token


def roof_check(stage: Stage) -> None:
    """Harbour with Northline: a bought list that hardly answers; all gates passed."""
    story = Story(AUTUMN, kickoff=stage.today - timedelta(days=92), users=stage.users, now=stage.now)
    story.open(-6, stage.seat)
    story.promote(-6, LENA, by=CLARA)
    story.show_brand(-6, MARA, CLARA)
    story.pass_setup()
    story.mask_agents(11)
    story.set_prices(11, autumn.PRICES, autumn.PRICES_NOTE)
    story.go_live()
    story.calibrate()
    story.hear_closers(28, autumn.CLOSERS_SAY)
    story.work(27, 29)
    story.freeze()
    story.deliver(31, Kind.DAY_30)
    story.sign_gate(31, MARA, CLARA, gate=30)
    story.plan_against_bottleneck(32)
    story.finish(32, "bottleneck-plan")
    story.revise_brief(33, remark=spring.REMARK)
    story.sign_brief(34, CLARA, MARA)
    story.finish_fix(34, "contact_rate")
    story.go_on(39, since=31, of=(31, 60))
    finding = story.notice(40, autumn.NOTICED.observation, autumn.NOTICED.shown)
    story.answer_noticed(41, finding, autumn.NOTICED.first)
    story.import_calls(45, 40, 44, of=(31, 60))
    story.judge_plan(45)
    story.work(40, 45, hour=17)
    story.judge_noticed(47, finding, autumn.NOTICED.reopened, holds=False)
    story.answer_noticed(49, finding, autumn.NOTICED.second)
    story.tell_outcomes(50, CALEB, first=31, last=44)
    story.import_calls(52, 45, 51, of=(31, 60))
    story.propose_scaling(52, autumn.SCALING, autumn.SCALING_ANSWER)
    story.work(46, 53)
    story.judge_noticed(55, finding, autumn.NOTICED.confirmed, holds=True)
    story.pass_later(60, since=52, of=(31, 60), declined=autumn.DECLINED)
    story.report_hours(61, 31, 60)
    story.go_on(67, 74, 81, since=61, of=(61, 90))
    story.pass_later(90, since=82, of=(61, 90), told=(MARA, CLARA))
    story.report_hours(91, 61, 82)
    story.report_hours(91, 83, 90, together=True)
    story.evening(91, of=MARA, read_by=(MARA, CLARA))
    story.deliver(91, Kind.CERTIFICATE)


def patio_doors(stage: Stage) -> None:
    """Harbour with Ridgeway: a launch three days late, a first plan that moved nothing, a second that does."""
    story = Story(PATIO, kickoff=stage.today - timedelta(days=60), users=stage.users, now=stage.now)
    story.open(-5, seat_in_organisation(stage.users[CLARA]), Side.CLIENT)
    story.show_brand(-4, NORA)
    story.pass_setup()
    story.set_prices(11, patio.PRICES, patio.PRICES_NOTE)
    story.go_live()
    story.calibrate()
    story.hear_closers(28, patio.CLOSERS_SAY)
    story.work(27, 29)
    story.freeze()
    story.deliver(31, Kind.DAY_30)
    story.sign_gate(32, NORA, CLARA, gate=30, hour=10)
    story.plan_against_bottleneck(32)
    story.finish(32, "bottleneck-plan")
    story.finish_fix(34, "transfer_set_rate")
    story.finish_fix(37, "contact_rate")
    story.go_on(39, since=31, of=(31, 57))
    story.import_calls(45, 40, 44, of=(31, 57))
    story.judge_plan(45)
    story.work(40, 45, hour=17)
    story.talk(46)
    story.answer_again(46, "transfer_set_rate", patio.SECOND)
    story.plan_against_bottleneck(46)
    story.finish_fix(48, "transfer_set_rate")
    story.work(45, 52)
    story.import_calls(53, 45, 52, of=(31, 57))
    story.work(53, 56)
    story.talk(57)
    story.import_calls(58, 53, 57, of=(31, 57))
    story.tell_outcomes(58, CALEB, first=45, last=54)


def spring_windows(stage: Stage) -> str:
    """Harbour with Northline: day 34, with the day-30 gate ahead; returns the token of a link that waits."""
    story = Story(SPRING, kickoff=stage.today - timedelta(days=33), users=stage.users, now=stage.now)
    story.open(-4, stage.seat)
    story.pass_setup()
    story.substitute(11, MARA, SAM)
    story.substitute(11, CLARA, CALEB)
    story.go_live()
    story.find(16, CALEB, spring.FOUND, gate=10)
    story.calibrate()
    story.write_script(27, SPRING.words[1])
    story.approve_script(28)
    story.hear_closers(28, spring.CLOSERS_SAY)
    story.certify(29, set(spring.AGENTS) - {"tomas.beck"}, kinds=[CertificationKind.SCRIPT])
    story.work(27, 29, hour=17)
    board = story.propose(29, CLARA, "milestone-review-day-45", spring.BOARD, later=2)
    story.accept(30, MARA, board)
    story.freeze()
    story.use_script(31)
    story.deliver(31, Kind.ROSTER)
    story.revise_brief(32, remark=spring.REMARK)
    story.talk(32)
    story.subscribe(33, CLARA, MARA)
    story.talk(33)
    story.sign_brief(33, MARA)
    until = story.calendar.date_of(38)
    story.about_gate(33, CLARA, "hold_gate", gate=30, reason=spring.HELD, until=until)
    story.propose(33, MARA, "milestone-bottleneck-plan", spring.AFTER_HOLD, later=1)
    story.import_calls(34, 31, 33)
    story.tell_outcomes(34, CALEB, first=15, last=30)
    told_by, open_to = spring.CLOSERS
    used = story.link_for(34, CALEB, closer=told_by, first=31, last=33)
    story.closer_tells(34, used, but=3)
    unused = story.link_for(34, CALEB, closer=open_to, first=31, last=33)
    story.evening(34, of=CLARA, read_by=(MARA,))
    story.schedule(34, "week-4", time(10), "Video call, link in the calendar")
    return unused


def heat_pumps(stage: Stage) -> None:
    """Brightwell with Northline: before the kickoff, with nothing signed by the client."""
    story = Story(HEAT, kickoff=stage.today + timedelta(days=3), users=stage.users, now=stage.now)
    story.prepare_playbook(-9, stage.seat)
    story.open(-8, stage.seat)
    story.draft_brief(-6)
    story.lock(-5, MARA)
    story.deliver(-5, Kind.LAUNCH_PLAN)
    story.sign_brief(-4, MARA)
    story.talk(-3)
    story.improve_playbook(-3, stage.seat)


def home_batteries(stage: Stage) -> None:
    """Brightwell with Northline: the second day of the supervised launch."""
    story = Story(BATTERY, kickoff=stage.today - timedelta(days=11), users=stage.users, now=stage.now)
    story.open(-5, stage.seat)
    story.show_brand(-4, BEN)
    story.pass_setup()
    story.write_scorecard(11)
    story.import_calls(11, 11, 11, hour=20, of=(11, 30))
    story.work(11, 11, hour=20)
    story.listen(12, hour=9)
    story.verify_transfers(12, hour=10, but=4)
    story.talk(12)


def alarm_upgrades(stage: Stage) -> None:
    """Lakeside with Ridgeway: day 6, and what stands in the way."""
    story = Story(ALARM, kickoff=stage.today - timedelta(days=5), users=stage.users, now=stage.now)
    story.open(-6, seat_in_organisation(stage.users[NORA]))
    story.show_brand(-5, HELEN)
    story.agree()
    story.work(3, 4, leave={"crm-access"})
    story.talk(4)
    story.write_script(4, ALARM.words[0])
    story.work(5, 5, leave={"crm-dispositions", "crm-link"})
    story.fail(5, "crm-dispositions", alarm.NO_ACCESS, hour=17)
    story.talk(5)
    story.work(6, 6, leave={"dialer-transfers", "dialer-routing", "dialer-built"}, tested=9)
    story.lines(6, rings_out=alarm.RANG_OUT)
    story.talk(6)


type Course = Callable[[Stage], str | None]

COURSES: tuple[tuple[str, Course], ...] = (
    ("Autumn roof check: all 90 days and what follows …", roof_check),
    ("Patio doors: day 58, with another operator …", patio_doors),
    ("Spring windows: day 34, with the day-30 gate ahead …", spring_windows),
    ("Home battery offers: day 12, the supervised launch …", home_batteries),
    ("Alarm upgrades: day 6, with what stands in the way …", alarm_upgrades),
    ("Heat pump advice: before the kickoff, the brief waits for a signature …", heat_pumps),
)
