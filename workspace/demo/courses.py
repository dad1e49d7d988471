"""How each engagement of the demo goes, from its opening to the day on which it stands now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import time_machine

from accounts.founding import found_organisation
from accounts.models import Membership, User
from accounts.roles import Side
from accounts.seat import Seat
from reports.snapshots import Kind
from tenancy import context

from .cast import CALEB, CLARA, DEMO_PASSWORD, HELEN, LENA, MARA, NORA, PEOPLE, SAM, VICTOR, Person
from .scripts import ALARM, AUTUMN, BATTERY, HEAT, PATIO, SPRING, alarm, autumn, battery, heat, patio, spring
from .story import Story
from .story.scene import ADDRESS

ZONE = "America/New_York"  # where all of them are called


@dataclass(frozen=True)
class Stage:
    """What every course starts from; `seat` is that of the first operator's campaign manager."""

    today: date
    now: datetime
    users: Mapping[Person, User]
    seat: Seat

    def seat_of(self, person: Person) -> Seat:
        """Somebody's seat in their own organisation, which they have come into by an invitation."""
        user = self.users[person]
        with context.entered(user_id=user.pk):
            membership = Membership.objects.select_related("organisation").get(user=user)
            return Seat(user, membership.organisation, person.role, ADDRESS)


def begin(now: datetime) -> Stage:
    """The accounts of everybody, and the organisation that is there before any engagement."""
    with time_machine.travel(now - timedelta(days=110), tick=False):
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
    story.deliver(-5, Kind.LAUNCH_PLAN)
    story.pass_setup()
    story.mask_agents(11)
    story.set_prices(11, autumn.PRICES, autumn.PRICES_NOTE)
    story.pass_baseline()
    story.revise_brief(33, remark=spring.REMARK)
    story.sign_brief(34, CLARA, MARA)
    story.hear_closers(29, autumn.CLOSERS_SAY)
    story.plan_against_bottleneck(34)
    story.notice(40, autumn.NOTICED)
    story.import_calls(45, 31, 44)
    story.judge_plan(45)
    story.tell_outcomes(50, CALEB, first=31, last=44)
    story.import_calls(52, 45, 51, of=(45, 60))
    story.propose_scaling(52, autumn.SCALING, autumn.SCALING_ANSWER)
    story.pass_later(60, declined=autumn.DECLINED, imported=51, of=(45, 60))
    story.report_hours(61, 31, 60)
    story.pass_later(90)
    story.report_hours(91, 61, 82)
    story.report_hours(91, 83, 90, together=True)
    story.evening(91, MARA, CLARA, read_by=CLARA)
    story.deliver(91, Kind.CERTIFICATE)


def patio_doors(stage: Stage) -> None:
    """Harbour with Ridgeway: a launch three days late, a first plan that moved nothing, a second that does."""
    story = Story(PATIO, kickoff=stage.today - timedelta(days=60), users=stage.users, now=stage.now)
    story.open(-5, stage.seat_of(CLARA), Side.CLIENT)
    story.deliver(-4, Kind.LAUNCH_PLAN)
    story.pass_setup()
    story.set_prices(11, patio.PRICES, patio.PRICES_NOTE)
    story.to_the_baseline()
    story.hear_closers(29, patio.CLOSERS_SAY)
    story.deliver(31, Kind.DAY_30)
    story.sign_gate(32, NORA, CLARA, gate=30)
    story.plan_against_bottleneck(32)
    story.finish_fix(37, "contact_rate")
    story.import_calls(45, 31, 44)
    story.judge_plan(45)
    story.work(31, 45, hour=17)
    for said in patio.SAID:
        story.say(*said[:4], private=said[4])
    story.answer_again(46, "transfer_set_rate", patio.SECOND)
    story.plan_against_bottleneck(46)
    story.import_calls(58, 45, 57)
    story.tell_outcomes(58, CALEB, first=45, last=54)


def spring_windows(stage: Stage) -> str:
    """Harbour with Northline: day 34, with the day-30 gate ahead; returns the token of a link that waits."""
    story = Story(SPRING, kickoff=stage.today - timedelta(days=33), users=stage.users, now=stage.now)
    story.open(-4, stage.seat)
    story.deliver(-3, Kind.LAUNCH_PLAN)
    story.pass_setup()
    story.substitute(12, MARA, SAM)
    story.substitute(12, CLARA, CALEB)
    story.to_the_baseline()
    story.change_script(27, SPRING.words[1], but={"tomas.beck"})
    story.hear_closers(28, spring.CLOSERS_SAY)
    board = story.propose(29, CLARA, "milestone-review-day-45", spring.BOARD, later=2)
    story.accept(30, MARA, board)
    story.find(16, CALEB, spring.FOUND, gate=10)
    story.deliver(31, Kind.ROSTER)
    story.import_calls(34, 31, 33)
    story.tell_outcomes(34, CALEB, first=15, last=30)
    told_by, open_to = spring.CLOSERS
    used = story.link_for(34, CALEB, closer=told_by, first=31, last=33)
    story.closer_tells(34, used, but=3)
    unused = story.link_for(34, CALEB, closer=open_to, first=31, last=33)
    story.evening(34, CLARA, MARA, read_by=MARA)
    story.revise_brief(32, remark=spring.REMARK)
    story.sign_brief(33, MARA)
    story.schedule(34, "week-4", time(10), "Video call, link in the calendar")
    for said in spring.SAID:
        story.say(*said[:4], private=said[4])
    until = story.calendar.date_of(38)
    story.about_gate(33, CLARA, "hold_gate", gate=30, reason=spring.HELD, until=until)
    story.propose(33, MARA, "milestone-bottleneck-plan", spring.AFTER_HOLD, later=3)
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
    story.say(-3, story.client, "plan", heat.QUESTION)
    story.improve_playbook(-3, stage.seat)


def home_batteries(stage: Stage) -> None:
    """Brightwell with Northline: the second day of the supervised launch."""
    story = Story(BATTERY, kickoff=stage.today - timedelta(days=11), users=stage.users, now=stage.now)
    story.open(-5, stage.seat)
    story.deliver(-4, Kind.LAUNCH_PLAN)
    story.pass_setup()
    story.write_scorecard(11)
    story.import_calls(11, 11, 11, hour=20, of=(11, 30))
    story.work(11, 11, hour=20)
    story.listen(12, hour=9)
    story.verify_transfers(12, hour=10, but=4)
    story.say(12, MARA, "plan", battery.RENTING, hour=11)
    story.say(12, story.client, "plan", battery.ANSWERED, hour=12)


def alarm_upgrades(stage: Stage) -> None:
    """Lakeside with Ridgeway: day 6, and what stands in the way."""
    story = Story(ALARM, kickoff=stage.today - timedelta(days=5), users=stage.users, now=stage.now)
    story.open(-6, stage.seat_of(NORA))
    story.deliver(-5, Kind.LAUNCH_PLAN)
    story.lock(1, NORA, HELEN)
    story.draft_brief(2)
    story.sign_brief(3, NORA, HELEN)
    story.work(1, 4, leave={"crm-access"})
    story.write_script(4, ALARM.words[0])
    story.work(5, 5, leave={"crm-dispositions", "crm-link"})
    story.fail(5, "crm-dispositions", alarm.NO_ACCESS, hour=14)
    story.work(6, 6, leave={"dialer-transfers", "dialer-routing", "dialer-built"})
    story.lines(6, rings_out=alarm.RANG_OUT)
    for said in alarm.SAID:
        story.say(*said[:4], private=said[4])
    story.say(6, VICTOR, "check:dialer-transfers", alarm.QUEUE, hour=15)


type Course = Callable[[Stage], str | None]

COURSES: tuple[tuple[str, Course], ...] = (
    ("Autumn roof check: all 90 days and what follows …", roof_check),
    ("Patio doors: day 58, with another operator …", patio_doors),
    ("Spring windows: day 34, with the day-30 gate ahead …", spring_windows),
    ("Home battery offers: day 12, the supervised launch …", home_batteries),
    ("Alarm upgrades: day 6, with what stands in the way …", alarm_upgrades),
    ("Heat pump advice: before the kickoff, the brief waits for a signature …", heat_pumps),
)
