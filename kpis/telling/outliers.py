"""Who stands apart from the others: agents, lead sources and the use of codes."""

from collections.abc import Sequence

from common.wording import interval_text, joined, percent_text, plural, rate_text
from kpis.charts.funnel import FunnelDot, funnel_limits
from kpis.numbers_page import Picture
from kpis.selectors.signals import Outliers
from kpis.signals.outliers import INNER, FunnelPlot, Mix, Placed, Stand

STAND_WORDS = {
    Stand.ABOVE: "above the others by more than chance",
    Stand.BELOW: "below the others by more than chance",
    Stand.EDGE: "at the edge of chance",
    Stand.WITHIN: "like the others",
    Stand.TOO_FEW: "too few to judge",
}


def plot_sentence(plot: FunnelPlot, rate: str, by: str) -> str:
    """Who stands apart in a funnel plot."""
    if plot.centre is None:
        return f"There is no data on the {rate.lower()} by {by}."
    if not plot.judged:
        return f"No {by} has enough cases to be compared in the {rate.lower()}."
    if not plot.apart:
        one = plot.judged == 1
        return (
            f"None of {plot.judged} judged {by}s differs from the others in the {rate.lower()} by more than chance."
            if not one
            else f"Only one {by} has enough cases to be judged in the {rate.lower()}, and it does not stand apart."
        )
    named = "; ".join(
        f"{one.label} is {STAND_WORDS[one.stand]}, {rate_text(one.successes, one.trials)}"
        for one in plot.apart
    )
    return f"{rate}: {named}. All {by}s together: {percent_text(plot.centre)}."


def funnel_plot(plot: FunnelPlot, rate: str, by: str, counted: str) -> Picture:
    """The funnel plot and its groups as a table, the largest first."""
    sentence = plot_sentence(plot, rate, by)
    groups = sorted(plot.groups, key=lambda one: -one.trials)
    table = [_group_line(one) for one in groups]
    columns = (by.capitalize(), rate, "Limits at this size", "Says")
    known = [one for one in groups if one.value is not None]
    if plot.centre is None or not known:
        return Picture(None, sentence, columns if table else (), table)
    widest = max(one.trials for one in known)
    sizes = sorted({max(1, round(widest * 1.08 * step / 24)) for step in range(1, 25)})
    lines = [(n, *plot.limits(n, INNER), *plot.limits(n)) for n in sizes]
    dots = [
        FunnelDot(
            one.label,
            one.trials,
            one.value or 0.0,
            one.apart,
            one.stand is Stand.TOO_FEW,
            f"{one.label}: {rate_text(one.successes, one.trials)}; {STAND_WORDS[one.stand]}",
        )
        for one in known
    ]
    spec = funnel_limits(dots, lines, title=sentence, counted=counted, centre=plot.centre, width="container")
    return Picture(spec, sentence, columns, table)


def _group_line(one: Placed) -> list[str]:
    return [
        one.label,
        rate_text(one.successes, one.trials),
        interval_text(one.low, one.high),
        STAND_WORDS[one.stand],
    ]


def mix_sentence(mixes: Sequence[Mix]) -> str:
    """Whose codes differ from the team's as a whole."""
    judged = [one for one in mixes if one.chance is not None]
    if not judged:
        return "There is too little data to compare how agents use the disposition codes."
    apart = [one.agent for one in judged if one.apart]
    of = plural(len(judged), "judged agent")
    if not apart:
        return f"None of {of} uses the codes in another mix than the others by more than chance."
    verb = "differs" if len(apart) == 1 else "differ"
    return f"All codes taken together, {joined(apart)} {verb} from the other agents by more than chance, of {of}."


def outlier_sentences(found: Outliers) -> list[str]:
    """Who stands apart in the last weeks, agents before sources, and how codes are used."""
    return [
        plot_sentence(found.agents, found.rate.label, "agent"),
        plot_sentence(found.sources, found.rate.label, "lead source"),
        mix_sentence(found.mixes),
        *([found.codes.sentence] if found.codes.suspicions else []),
    ]
