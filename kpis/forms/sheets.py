"""What has to be said before a small file is taken in."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from engagements.clearance import Renaming

from .outcomes import TakeInForm

WHO = "who_"


class SaidBeforeForm(TakeInForm):
    """How a file's dates are read, and of each line with another name for somebody, who that is."""

    def __init__(self, *args: Any, asks: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row_no, what in asks:
            self.fields[f"{WHO}{row_no}"] = forms.ChoiceField(
                label=f"Line {row_no}: {what}",
                choices=[("", "Choose who that is"), *Renaming.choices],
                help_text="What somebody has passed is not handed on to another who has their dialer code now.",
                error_messages={"required": "Say whether this is the same person."},
            )

    @property
    def who(self) -> Mapping[int, Renaming]:
        """What was said of each line, by its number."""
        return {
            int(name.removeprefix(WHO)): Renaming(said)
            for name, said in self.cleaned_data.items()
            if name.startswith(WHO)
        }
