"""How the portfolio is filtered and sorted; what was chosen stays in the address."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django import forms

from common.names import validate_name
from workspace.selectors.portfolio import NO_PHASE, Portfolio

SHOW = {
    "": "all",
    "blocked": "late or paused",
    "us": "waiting on us",
    "them": "waiting on them",
    "below": "below a target",
    "slipped": "launch later than contracted",
}
SORT = {
    "": "newest first",
    "gate": "next gate",
    "campaign": "campaign",
    "slip": "longest slip",
    "open": "most open items",
}


class PortfolioForm(forms.Form):
    """Which engagements are shown, in which order; anything unknown in the address shows all."""

    q = forms.CharField(label="Campaign", max_length=80, required=False)
    show = forms.ChoiceField(label="State", required=False, choices=list(SHOW.items()))
    phase = forms.ChoiceField(label="Phase", required=False)
    other = forms.ChoiceField(label="With", required=False)
    sort = forms.ChoiceField(label="Sort by", required=False, choices=list(SORT.items()))

    def __init__(self, data: Mapping[str, str] | None, *, page: Portfolio | None) -> None:
        super().__init__(data)
        phases = (
            [(phase, phase) if phase else (NO_PHASE, "after the 90 days") for phase in page.phases]
            if page
            else []
        )
        # What comes after the last phase stands at the end.
        phases.sort(key=lambda choice: choice[0] == NO_PHASE)
        self.fields["phase"] = forms.ChoiceField(
            label="Phase", required=False, choices=[("", "all phases"), *phases]
        )
        others = [(name, name) for name in page.others] if page else []
        self.fields["other"] = forms.ChoiceField(
            label="With", required=False, choices=[("", "everybody"), *others]
        )

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen, without what was left as it is."""
        data = self.cleaned_data if self.is_valid() else {}
        return {name: data[name] for name in self.fields if data.get(name)}

    @property
    def query(self) -> str:
        """What was chosen as the question of an address, always in the same words; empty for everything."""
        return urlencode(self.chosen)


class ViewForm(forms.Form):
    """The name of a view that somebody keeps for themselves."""

    name = forms.CharField(label="Name of the view", max_length=60, validators=[validate_name])
