"""The sums equal the rows, and a command proves it."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from engagements.stages import Stage
from kpis.imports import facts
from kpis.models import AttemptFact, CallRecord, DailyFact, Import
from kpis.selectors.checking import check_facts
from tenancy.context import Scope
from tests.factories import Cast
from tests.kpis.scene import day_of, write_calls, write_import
from tests.stage import backstage

Enter = Callable[..., AbstractContextManager[Scope]]


@pytest.fixture
def calls(cast: Cast) -> Import:
    """Two imports, of which the second cannot tell contacts; both have rows of the same source on day 13."""
    full, thin = write_import(cast, [12, 13]), write_import(cast, [13, 13], "thin.csv")
    with backstage():
        Import.objects.filter(pk=thin.pk).update(measures=[Stage.DIAL.key, Stage.CLOSE.key])
    write_calls(cast, full, 12, [Stage.DIAL, Stage.CONTACT, Stage.CLOSE])
    write_calls(cast, full, 13, [Stage.DIAL, Stage.QUALIFIED])
    write_calls(cast, full, 13, [Stage.SHOW], "")
    write_calls(cast, thin, 13, [Stage.DIAL, Stage.CLOSE])
    with backstage():
        CallRecord.objects.filter(batch=thin, depth=Stage.DIAL).update(dials=7)
    return thin


def run(cast: Cast, user: str = "mara@example.org") -> dict[str, int]:
    out = StringIO()
    call_command("verify_facts", engagement=cast.engagement.public_id, as_user=user, stdout=out)
    return json.loads(out.getvalue().splitlines()[-1])


@pytest.mark.usefixtures("calls")
def test_the_rollup_equals_the_rows_and_the_command_says_so(cast: Cast, entered: Enter) -> None:
    with entered(cast.campaign_manager):
        facts.refresh(cast.engagement.pk)
        assert check_facts(cast.engagement).mismatches == ()
        mixed = DailyFact.objects.get(day=day_of(cast, 13), source__name="Web form")
        assert (mixed.dials, mixed.contacts, mixed.closes) == (10, None, 1)
        assert AttemptFact.objects.count() == 2  # of each day the calls that tell no attempt
    assert run(cast) == {"facts": 15, "dials": 14, "mismatches": 0}


@pytest.mark.usefixtures("calls")
def test_a_wrong_and_a_missing_fact_are_found(cast: Cast, entered: Enter) -> None:
    with entered(cast.campaign_manager):
        facts.refresh(cast.engagement.pk)
    with backstage():
        DailyFact.objects.filter(day=day_of(cast, 13), source__name="Web form").update(contacts=0)
        DailyFact.objects.filter(source=None).delete()
    with entered(cast.campaign_manager):
        found = check_facts(cast.engagement).mismatches
        assert [(m.group, m.column, m.stored, m.counted) for m in found][:2] == [
            ("rows without lead source", "dials", None, 1),
            ("rows without lead source", "contacts", None, 1),
        ]
        assert ("lead source “Web form”", "contacts", 0, None) in [
            (m.group, m.column, m.stored, m.counted) for m in found
        ]
    with pytest.raises(CommandError, match="differ from the rows"):
        run(cast)


def test_a_stranger_learns_nothing(cast: Cast) -> None:
    with pytest.raises(CommandError, match="sees no engagement"):
        run(cast, "otto@example.org")
    with pytest.raises(CommandError, match="nobody with the address"):
        run(cast, "nobody@example.org")
