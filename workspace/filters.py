"""How the portfolio is filtered and sorted; what was chosen stays in the address."""

from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlencode

from django import forms

from common.names import validate_name
from workspace.selectors.portfolio import Row

SHOW: dict[str, tuple[str, Callable[[Row], bool]]] = {
    "": ("all", lambda row: True),
    "blocked": ("late or paused", lambda row: row.blocked),
    "us": ("waiting on us", lambda row: row.on_us > 0),
    "them": ("waiting on them", lambda row: row.on_them > 0),
    "below": ("below a target", lambda row: bool(row.funnel and row.funnel.missed)),
    "slipped": ("launch later than contracted", lambda row: row.slip > 0),
}
SORT: dict[str, tuple[str, Callable[[Row], tuple[object, ...]]]] = {
    "": ("newest kickoff", lambda row: (-row.engagement.kickoff_on.toordinal(),)),
    "gate": ("next gate", lambda row: (row.gate_date is None, row.gate_date or row.today)),
    "campaign": ("campaign", lambda row: (row.engagement.campaign.lower(),)),
    "slip": ("longest slip", lambda row: (-row.slip,)),
    "open": ("most open items", lambda row: (-sum(row.waiting.values()),)),
}


NO_PHASE = "after"


class PortfolioForm(forms.Form):
    """Which engagements are shown, in which order; anything unknown in the address shows all."""

    q = forms.CharField(label="Campaign", max_length=80, required=False)
    show = forms.ChoiceField(
        label="State", required=False, choices=[(key, label) for key, (label, _) in SHOW.items()]
    )
    phase = forms.ChoiceField(label="Phase", required=False)
    other = forms.ChoiceField(label="With", required=False)
    sort = forms.ChoiceField(
        label="Sort by", required=False, choices=[(key, label) for key, (label, _) in SORT.items()]
    )

    def __init__(self, data: Mapping[str, str] | None, *, rows: Iterable[Row] = ()) -> None:
        super().__init__(data)
        rows = list(rows)
        phases = dict.fromkeys(row.phase for row in sorted(rows, key=lambda row: row.day) if row.phase)
        after = [(NO_PHASE, "after the 90 days")] if any(not row.phase for row in rows) else []
        others = sorted({row.other for row in rows}, key=str.casefold)
        self.fields["phase"] = forms.ChoiceField(
            label="Phase",
            required=False,
            choices=[("", "all phases"), *((phase, phase) for phase in phases), *after],
        )
        self.fields["other"] = forms.ChoiceField(
            label="With", required=False, choices=[("", "everybody"), *((name, name) for name in others)]
        )

    @property
    def query(self) -> str:
        """What was chosen as the question of an address, always in the same words; empty for everything."""
        data = self.cleaned_data if self.is_valid() else {}
        return urlencode({name: data[name] for name in self.fields if data.get(name)})

    def chosen(self, rows: Iterable[Row]) -> list[Row]:
        """The rows that match, in their order."""
        data = self.cleaned_data if self.is_valid() else {}
        _, shown = SHOW[data.get("show", "")]
        _, order = SORT[data.get("sort", "")]
        words = data.get("q", "").lower().split()
        phase, other = data.get("phase", ""), data.get("other", "")
        found = [
            row
            for row in rows
            if shown(row)
            and _matches(row, words)
            and phase in ("", row.phase or NO_PHASE)
            and other in ("", row.other)
        ]
        return sorted(found, key=order)


class ViewForm(forms.Form):
    """The name of a view that somebody keeps for themselves."""

    name = forms.CharField(label="Name of the view", max_length=60, validators=[validate_name])


def _matches(row: Row, words: list[str]) -> bool:
    text = f"{row.engagement.campaign} {row.engagement.client} {row.engagement.operator}".lower()
    return all(word in text for word in words)
