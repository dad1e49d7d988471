"""What may stand as a name under a signature or over a page."""

import pytest
from django import forms

from accounts.forms import AccountForm, InvitationForm, ProfileForm, TokenForm
from common.errors import Refused
from common.names import EMPTY, LINE, checked_name, letters, name_blockers
from engagements.forms import ParticipantForm
from workspace.forms import NewEngagementForm


@pytest.mark.parametrize(
    "name",
    [
        "Mara Voss",
        "Zoë O’Neill-Ström",
        "張偉",
        "Ridge & Slate, Inc. (US)",
        "می‌خواهم",
        "3M",
        "Harbour 🏠 Homes",
    ],
)
def test_a_name_in_any_script_is_one(name: str) -> None:
    assert checked_name(f" {name} ") == name


@pytest.mark.parametrize(
    "name",
    [
        "Ann\nBlock",
        "Ann\tB",
        "Ann\0",
        "Ann\x1b[31m",
        "Ann\u2028B",
        "Ann \u202egnp.exe",
        "A\u200bnn",
        "A\ufeffn",
        "A\ud800",
    ],
)
def test_what_hides_in_a_line_is_refused(name: str) -> None:
    assert name_blockers(name) == [LINE]


@pytest.mark.parametrize("name", ["", "  ", "\u200d\u200c", "\u3164\u3164", "\u2800", "---", "…", "🏠"])
def test_what_shows_nothing_to_call_somebody_by_is_refused(name: str) -> None:
    assert name_blockers(name) == [EMPTY]
    with pytest.raises(Refused, match="at least one letter or digit"):
        checked_name(name)


def test_letters_are_counted_in_every_script() -> None:
    assert [letters(text) for text in ("ok.", "a 1 ß", "…\u3164-", "是的好")] == [2, 3, 0, 3]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        (ProfileForm, "name"),
        (InvitationForm, "name"),
        (AccountForm, "name"),
        (TokenForm, "name"),
        (ParticipantForm, "name"),
        (NewEngagementForm, "campaign"),
        (NewEngagementForm, "other_name"),
    ],
)
def test_every_form_that_takes_a_name_asks_so(form: type[forms.Form], field: str) -> None:
    with pytest.raises(forms.ValidationError, match="one line of visible characters"):
        form.base_fields[field].clean("Ann\u202eB")
