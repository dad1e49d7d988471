"""The script in versions: written, reviewed, final, in use; what each step refuses and leaves behind."""

from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import InternalError, transaction
from django.db.utils import IntegrityError

from accounts.models import TrailEntry, User
from common.errors import Refused
from engagements import services
from engagements.models import Script, ScriptApproval, ScriptFile, ScriptUse
from engagements.roster import roster
from engagements.scripting import ScriptContent, Version, compared, recertify_blockers, use_blockers
from tests.factories import Cast
from tests.milestones.scene import as_person
from tests.stage import backstage

pytestmark = pytest.mark.django_db


def acting(cast: Cast, user: User) -> AbstractContextManager[Any]:
    return as_person(cast, user)


def written(cast: Cast, text: str = "Hello, this is Ana.", **how: Any) -> Script:
    with acting(cast, cast.campaign_manager):
        newest = Script.objects.filter(engagement=cast.engagement).first()
        return services.save_script(
            engagement=cast.engagement, by=cast.seat(cast.campaign_manager), text=text,
            seen=newest.content_hash if newest else "", **how,
        )  # fmt: skip


def sent(cast: Cast, text: str = "Hello, this is Ana.", **how: Any) -> Script:
    script = written(cast, text, **how)
    with acting(cast, cast.campaign_manager):
        return services.send_script(
            script=script, by=cast.seat(cast.campaign_manager), seen=script.content_hash
        )


def approved(cast: Cast, text: str = "Hello, this is Ana.", *, again: bool = True, **how: Any) -> Script:
    script = sent(cast, text, **how)
    with acting(cast, cast.client_lead):
        return services.approve_script(
            script=script, by=cast.seat(cast.client_lead), seen=script.content_hash, recertify=again
        )


def used(cast: Cast, script: Script) -> Script:
    with acting(cast, cast.campaign_manager):
        return services.use_script(script=script, by=cast.seat(cast.campaign_manager))


def test_the_first_final_version_comes_into_use_with_the_approval(cast: Cast) -> None:
    script = approved(cast)
    with acting(cast, cast.campaign_manager):
        (signature,) = ScriptApproval.objects.all()
        assert (signature.name, signature.side, signature.content_hash) == (
            "Clara Lind", "client", script.content_hash,
        )  # fmt: skip
        assert ScriptUse.objects.get().approval == signature
        assert roster(cast.engagement).in_use == 1
        said = set(TrailEntry.objects.values_list("action", flat=True))
        assert {"script.saved", "script.sent", "script.approved", "script.used"} <= said


def test_a_draft_is_changed_in_place_and_what_was_sent_is_not(cast: Cast) -> None:
    first = written(cast)
    assert written(cast, "Hello again.").pk == first.pk
    sent(cast, "Hello once more.")
    with pytest.raises(Refused, match="Version 1 is with the client"):
        written(cast, "Too late.")


def test_what_was_sent_back_is_written_anew_and_stays_readable(cast: Cast) -> None:
    script = sent(cast)
    with acting(cast, cast.client_lead):
        seat = cast.seat(cast.client_lead)
        with pytest.raises(Refused, match="Say what should change"):
            services.return_script(script=script, by=seat, seen=script.content_hash, note=" . ")
        services.return_script(
            script=script, by=seat, seen=script.content_hash, note="Name the company first."
        )
        with pytest.raises(Refused, match="sent back already"):
            services.approve_script(script=script, by=seat, seen=script.content_hash)
    second = written(cast, "This is Northline, I am Ana.")
    assert second.version == 2
    with acting(cast, cast.client_lead):
        assert Script.objects.get(version=1).return_note == "Name the company first."


def test_only_the_client_approves_and_only_what_was_read(cast: Cast) -> None:
    script = sent(cast)
    with acting(cast, cast.campaign_manager), pytest.raises(Refused, match="may not approve the script"):
        services.approve_script(script=script, by=cast.seat(cast.campaign_manager), seen=script.content_hash)
    with acting(cast, cast.client_lead), pytest.raises(Refused, match="was changed after this page"):
        services.approve_script(script=script, by=cast.seat(cast.client_lead), seen="0" * 64)


def test_the_same_approval_sent_twice_is_one(cast: Cast) -> None:
    script = approved(cast)
    with acting(cast, cast.client_lead):
        services.approve_script(script=script, by=cast.seat(cast.client_lead), seen=script.content_hash)
        assert ScriptApproval.objects.count() == 1


def test_two_writers_do_not_overwrite_each_other(cast: Cast) -> None:
    seen = written(cast).content_hash
    written(cast, "Somebody was quicker.")
    with acting(cast, cast.qa_lead), pytest.raises(Refused, match="Somebody else has changed the script"):
        services.save_script(engagement=cast.engagement, by=cast.seat(cast.qa_lead), text="Mine.", seen=seen)


def test_the_same_form_sent_twice_is_saved_once(cast: Cast) -> None:
    def save(text: str, content: bytes | None, seen: str = "") -> Script:
        file = SimpleUploadedFile("script.pdf", b"%PDF-1.7 " + content) if content else None
        with acting(cast, cast.campaign_manager):
            by = cast.seat(cast.campaign_manager)
            return services.save_script(engagement=cast.engagement, by=by, text=text, seen=seen, file=file)

    first = save("Hello, this is Ana.", b"one")
    assert save("Hello, this is Ana.", b"one").pk == first.pk
    assert save("Hello, this is Ana.", None).pk == first.pk, "a draft without a new file keeps its file"
    with pytest.raises(Refused, match="Somebody else has changed the script"):
        save("Hello, this is Ana.", b"two")
    with acting(cast, cast.campaign_manager):
        assert (Script.objects.count(), ScriptFile.objects.count()) == (1, 1)
        assert TrailEntry.objects.filter(action="script.saved").count() == 1


def test_a_later_version_is_approved_and_then_put_into_use(cast: Cast) -> None:
    approved(cast)
    draft = written(cast, "Hello, this is Ana of Northline.")
    with pytest.raises(Refused, match="is not approved: a change is approved before it is used"):
        used(cast, draft)
    second = approved(cast, "Hello, this is Ana of Northline.")
    with acting(cast, cast.campaign_manager):
        assert roster(cast.engagement).in_use == 1
    used(cast, second)
    with acting(cast, cast.campaign_manager):
        standing = roster(cast.engagement)
        assert (standing.in_use, standing.required) == (2, 2)


@pytest.mark.parametrize(
    ("author", "client", "required"), [(False, False, 1), (False, True, 2), (True, False, 2)]
)
def test_only_both_together_call_a_change_wording(
    cast: Cast, author: bool, client: bool, required: int
) -> None:
    approved(cast)
    why = "" if author else "Two commas."
    second = approved(cast, "Hello: this is Ana.", again=client, recertify=author, recertify_reason=why)
    used(cast, second)
    with acting(cast, cast.campaign_manager):
        assert roster(cast.engagement).required == required


def test_a_change_that_was_never_used_still_asks_for_certification_in_the_next(cast: Cast) -> None:
    approved(cast)
    approved(cast, "A wholly new opening.")
    third = approved(cast, "A wholly new opening!", again=False, recertify=False, recertify_reason="A mark.")
    used(cast, third)
    with acting(cast, cast.campaign_manager):
        assert roster(cast.engagement).required == 2


def test_a_file_goes_with_the_words_and_the_hash_covers_it(cast: Cast) -> None:
    bare = written(cast).content_hash
    file = SimpleUploadedFile("script.pdf", b"%PDF-1.7\n%x\n")
    script = written(cast, file=file)
    assert script.file is not None
    assert script.content_hash != bare
    kept = written(cast, "Other words.")
    assert kept.file == script.file
    with pytest.raises(Refused, match="is not a PDF"):
        written(cast, file=SimpleUploadedFile("script.pdf", b"MZ"))


def test_the_database_keeps_a_final_version_as_it_is(cast: Cast) -> None:
    script = approved(cast)
    for change in ({"text": "x"}, {"recertify": False, "recertify_reason": "x"}, {"approved_at": None}):
        with backstage(), pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            Script.objects.filter(pk=script.pk).update(**change)


def test_lines_are_compared_in_reading_order() -> None:
    marks = [(line.mark, line.text) for line in compared("a\nb\nc", "a\nB\nc\nd")]
    assert marks == [("kept", "a"), ("removed", "b"), ("added", "B"), ("kept", "c"), ("added", "d")]


def test_no_way_back_to_an_older_version_but_a_new_one() -> None:
    versions = [Version(1, "final", used=True), Version(2, "final"), Version(3, "final", used=True)]
    assert use_blockers(versions, 2) == [
        "Version 3 is in use, which is newer. Write a new version to go back."
    ]
    assert use_blockers(versions, 1) == ["Version 1 is or was in use already."]


def test_wording_only_needs_a_version_before_it_and_a_reason() -> None:
    assert recertify_blockers(first=True, content=ScriptContent("x", "", False, "y"))
    assert recertify_blockers(first=False, content=ScriptContent("x", "", False, " "))
    assert recertify_blockers(first=False, content=ScriptContent("x", "", False, "Commas.")) == []
