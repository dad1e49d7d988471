"""Comments and private notes: what is kept, who reads it, and what the trail and the mails tell."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction

from accounts.models import Membership, TrailEntry, User
from accounts.roles import Side
from common import clock
from common.errors import Refused
from engagements.models import Comment, Mention, Participant, Withdrawal
from engagements.services.comments import Place, mark_read, say, withdraw
from tenancy import context
from tenancy.models import Job
from tests.factories import Cast
from tests.stage import as_worker, backstage

SECRET = "Zanzibar"  # a word that stands in private notes only
ABOUT = "milestone:crm-link"


@contextmanager
def acting(cast: Cast, user: User) -> Iterator[None]:
    seat = cast.seat(user)
    with context.entered(
        user_id=user.pk, organisation_id=seat.organisation.pk, engagement_id=cast.engagement.pk
    ):
        yield


def speak(cast: Cast, user: User, text: str, *, private: bool = False) -> Comment:
    with acting(cast, user):
        return say(
            engagement=cast.engagement, by=cast.seat(user), about=ABOUT, text=text, private=private,
            place=Place("/e/x/", "CRM link", "https://tollgate.example/e/x/"),
        )  # fmt: skip


def read_by(cast: Cast, user: User) -> list[str]:
    with acting(cast, user):
        return list(Comment.objects.values_list("text", flat=True))


def test_both_sides_read_a_comment(cast: Cast) -> None:
    said = speak(cast, cast.client_lead, "  When does it start?\r\nOn Monday? ")
    assert read_by(cast, cast.campaign_manager) == ["When does it start?\nOn Monday?"]
    assert (said.by_name, said.by_side, said.side) == ("Clara Lind", "client", "")


@pytest.mark.parametrize("side", list(Side))
def test_a_private_note_exists_for_its_own_side_only(cast: Cast, side: Side) -> None:
    own, others = (
        ([cast.client_lead, cast.closer_lead, cast.client_leader], [cast.campaign_manager, cast.operator_leader])
        if side is Side.CLIENT
        else ([cast.campaign_manager, cast.qa_lead, cast.operator_leader], [cast.client_lead, cast.client_leader])
    )  # fmt: skip
    speak(cast, own[0], f"{SECRET} @{own[1].name}", private=True)
    for user in own:
        assert read_by(cast, user) == [f"{SECRET} @{own[1].name}"]
    for user in [*others, cast.outsider, cast.ex_member]:
        assert read_by(cast, user) == []
        with acting(cast, user), as_worker():
            assert not Comment.objects.exists()
            assert not Mention.objects.exists()


def test_a_withdrawn_note_leaves_no_mark_for_the_other_side(cast: Cast) -> None:
    note = speak(cast, cast.client_lead, SECRET, private=True)
    with acting(cast, cast.client_lead):
        withdraw(comment=note, by=cast.seat(cast.client_lead))
        assert Withdrawal.objects.count() == 1
    with acting(cast, cast.campaign_manager):
        assert Withdrawal.objects.count() == 0


def test_who_sits_in_both_organisations_reads_for_the_one_they_act_for(cast: Cast) -> None:
    for_client = speak(cast, cast.client_lead, "client note", private=True)
    for_operator = speak(cast, cast.campaign_manager, "operator note", private=True)
    both = cast.operator_leader
    with backstage():
        Membership.objects.create(user=both, organisation=cast.client_organisation, role="admin")
    seen = {}
    for organisation in (cast.client_organisation, cast.operator_organisation, None):
        with context.entered(user_id=both.pk, organisation_id=organisation and organisation.pk):
            seen[organisation] = set(Comment.objects.values_list("pk", flat=True))
    assert seen == {
        cast.client_organisation: {for_client.pk},
        cast.operator_organisation: {for_operator.pk},
        None: set(),
    }


@pytest.mark.parametrize(
    "change",
    [
        {"side": "client"},
        {"by_side": "client"},
        {"side": "client", "by_side": "client"},
        {"by_id": "other"},
    ],
)
def test_nobody_speaks_for_another_nor_into_the_other_sides_notes(
    cast: Cast, change: dict[str, object]
) -> None:
    values = {"by_id": cast.campaign_manager.pk, "by_side": "operator", "side": "", **change}
    if values["by_id"] == "other":
        values["by_id"] = cast.supervisor.pk
    with pytest.raises(DatabaseError), acting(cast, cast.campaign_manager):
        Comment.objects.create(
            engagement=cast.engagement, about=ABOUT, text="x", by_name="x", at=clock.now(), page="/", **values
        )


@pytest.mark.parametrize("model", [Mention, Withdrawal])
def test_what_hangs_on_a_note_is_as_private_as_the_note(cast: Cast, model: type) -> None:
    note = speak(cast, cast.campaign_manager, SECRET, private=True)
    more = {"user": cast.supervisor, "name": "n"} if model is Mention else {"at": clock.now()}
    with pytest.raises(DatabaseError), acting(cast, cast.campaign_manager), transaction.atomic():
        model.objects.create(engagement=cast.engagement, comment=note, side="", **more)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_comment_never_changes(cast: Cast) -> None:
    said = speak(cast, cast.campaign_manager, "As it was")
    with pytest.raises(DatabaseError), acting(cast, cast.campaign_manager):
        Comment.objects.filter(pk=said.pk).update(text="as it never was")
    with pytest.raises(DatabaseError), acting(cast, cast.campaign_manager):
        Comment.objects.filter(pk=said.pk).delete()


def test_only_its_author_withdraws_a_comment_and_twice_is_as_once(cast: Cast) -> None:
    said = speak(cast, cast.campaign_manager, "Too quick")
    for other in (cast.supervisor, cast.client_lead):
        with pytest.raises(Refused, match="Only who wrote"), acting(cast, other):
            withdraw(comment=said, by=cast.seat(other))
    for _ in range(2):
        with acting(cast, cast.campaign_manager):
            withdraw(comment=said, by=cast.seat(cast.campaign_manager))
            assert Withdrawal.objects.count() == 1
            assert TrailEntry.objects.filter(action="comment.withdrawn").count() == 1


@pytest.mark.parametrize("text", ["", "   ", "…", "\u200b"])
def test_nothing_is_no_comment(cast: Cast, text: str) -> None:
    with pytest.raises(Refused, match="Write what you want to say first"):
        speak(cast, cast.client_lead, text)


def test_a_comment_is_no_book(cast: Cast) -> None:
    with pytest.raises(Refused, match="at most 4,000 characters; this has 4,001"):
        speak(cast, cast.client_lead, "x" * 4001)


# The trail


def lines(cast: Cast, user: User) -> list[str]:
    with acting(cast, user):
        return [json.dumps([e.action, e.subject, e.before, e.after]) for e in TrailEntry.objects.all()]


def test_the_trail_of_a_comment_proves_its_words_without_repeating_them(cast: Cast) -> None:
    speak(cast, cast.client_lead, "Something plain")
    (line,) = lines(cast, cast.campaign_manager)
    assert "comment.written" in line
    assert "CRM link" in line
    assert "plain" not in line


def test_the_trail_of_a_private_note_tells_the_other_side_nothing(cast: Cast) -> None:
    note = speak(cast, cast.client_lead, f"{SECRET} @Caleb", private=True)
    with acting(cast, cast.client_lead):
        withdraw(comment=note, by=cast.seat(cast.client_lead))
    assert lines(cast, cast.campaign_manager) == []
    with acting(cast, cast.client_lead):
        assert not TrailEntry.objects.filter(engagement_id=cast.engagement.pk).exists()
        own = TrailEntry.objects.filter(organisation_id=cast.client_organisation.pk)
        assert [entry.action for entry in own.order_by("sequence")] == ["note.written", "note.withdrawn"]
    assert SECRET not in "".join(lines(cast, cast.client_lead))


# Mentions


def unread(cast: Cast, user: User) -> int:
    with acting(cast, user):
        return Mention.objects.filter(user=user, read_at=None).count()


def test_a_mention_sends_one_mail_without_a_word_of_the_comment(
    cast: Cast, run_jobs: Callable[[], list[str]]
) -> None:
    said = speak(cast, cast.client_lead, f"{SECRET}: @Mara and @Mara Voss, @Clara too")
    assert run_jobs() == ["done"]
    with backstage():
        Job.objects.update(state="queued")
    assert run_jobs() == ["done"]
    (letter,) = mail.outbox
    assert letter.to == ["mara@example.org"]
    assert f"https://tollgate.example/e/x/#comment-{said.public_id}" in letter.body
    assert "Clara Lind mentioned you in a comment" in letter.body
    assert SECRET not in letter.body + letter.subject
    assert unread(cast, cast.campaign_manager) == 1


def test_the_mail_of_a_private_note_and_its_job_are_its_own_sides(
    cast: Cast, run_jobs: Callable[[], list[str]]
) -> None:
    speak(cast, cast.client_lead, f"{SECRET} @Caleb", private=True)
    with acting(cast, cast.campaign_manager):
        assert not Job.objects.exists()
    assert run_jobs() == ["done"]
    (letter,) = mail.outbox
    assert letter.to == ["caleb@example.org"]
    assert SECRET not in letter.body


def test_a_mention_is_read_or_answered(cast: Cast) -> None:
    said = speak(cast, cast.client_lead, "@Mara?")
    with acting(cast, cast.supervisor):
        mark_read(comment=said, by=cast.seat(cast.supervisor))
    assert unread(cast, cast.campaign_manager) == 1, "only the one who is meant reads it"
    with acting(cast, cast.campaign_manager):
        mark_read(comment=said, by=cast.seat(cast.campaign_manager))
    assert unread(cast, cast.campaign_manager) == 0
    speak(cast, cast.client_lead, "@Mara again?")
    speak(cast, cast.campaign_manager, "Yes.")
    assert unread(cast, cast.campaign_manager) == 0


def test_no_mail_about_what_is_withdrawn_or_read(cast: Cast, run_jobs: Callable[[], list[str]]) -> None:
    said = speak(cast, cast.client_lead, "@Mara?")
    with acting(cast, cast.client_lead):
        withdraw(comment=said, by=cast.seat(cast.client_lead))
    assert run_jobs() == ["done"]
    assert mail.outbox == []


def test_who_left_cannot_be_mentioned(cast: Cast) -> None:
    with backstage():
        Participant.objects.filter(user=cast.campaign_manager).update(ended_at=clock.now())
    with pytest.raises(Refused, match="“@Mara” is nobody's name here"):
        speak(cast, cast.client_lead, "@Mara?")


def test_a_private_note_mentions_its_own_side_only(cast: Cast) -> None:
    with pytest.raises(Refused, match="Mara Voss belongs to the operator"):
        speak(cast, cast.client_lead, "@Mara?", private=True)
    assert read_by(cast, cast.client_lead) == []


@pytest.mark.parametrize("table", [Membership, Participant])
def test_nobody_who_has_left_is_mailed_of_a_mention(
    cast: Cast, run_jobs: Callable[[], list[str]], table: type[Membership | Participant]
) -> None:
    speak(cast, cast.campaign_manager, "@Caleb Ross, look at this.")
    with backstage():
        table.objects.filter(user=cast.closer_lead).update(ended_at=clock.now())
    assert run_jobs() == ["done"]
    assert mail.outbox == []


def test_the_same_form_sent_twice_is_one_comment_and_one_mail(
    cast: Cast, run_jobs: Callable[[], list[str]]
) -> None:
    first = speak(cast, cast.campaign_manager, "@Caleb Ross, look at this.")
    assert speak(cast, cast.campaign_manager, "@Caleb Ross, look at this.").pk == first.pk
    assert speak(cast, cast.campaign_manager, "@Caleb Ross, look at this.", private=False).pk == first.pk
    assert run_jobs() == ["done"]
    assert len(mail.outbox) == 1
