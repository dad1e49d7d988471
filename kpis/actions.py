"""Whether a sentence names something that is done, and whether it names a cause. Pure.

To investigate, to look into or to monitor is no fix: such a clause says what will be known, not what will be changed.
"""

import re

MIN_WORDS = 3

_LOOKING = (
    r"investigat\w*", r"look(?:ing|ed|s)?\s+(?:in\s?to|at)", r"monitor\w*", r"watch(?:ing|ed|es)?",
    r"keep(?:ing)?\s+(?:an\s+eye|watch\w*)", r"explor\w*", r"analy[sz]\w*", r"assess\w*", r"evaluat\w*", r"discuss\w*",
    r"consider\w*", r"think(?:ing)?\s+about", r"understand\w*", r"find(?:ing)?\s+out", r"figur(?:e|ing)\s+\w*\s*out",
    r"follow(?:ing)?\s+up", r"be\s+more\s+careful", r"try(?:ing)?\s+to", r"do\s+better", r"improv\w*",
    r"work(?:ing)?\s+(?:on|together)", r"see\s+(?:if|whether|how)",
    r"(?:review|check|study)(?:s|ing|ed)?\s+(?:the\s+|our\s+)?"
    r"(?:data|numbers?|figures?|performance|situation|metrics?|kpis?|rates?|trends?)",
)  # fmt: skip
_NOT_KNOWING = (
    r"unknown", r"unclear", r"no\s+idea", r"don[’']?t\s+know", r"not\s+known", r"tb[acd]", r"n/a", r"none",
    r"to\s+be\s+(?:decided|determined|confirmed|investigated|analy[sz]ed|checked|seen)",
    r"(?:is|are|being|under)\s+(?:investigat\w*|analy[sz]\w*|review|looked\s+(?:in\s?to|at))",
)  # fmt: skip
# What a clause beside one that only looks has to contain before the whole counts as an action.
_DOING = """add agree assign block book brief build buy call cap change close coach configure correct cover cut dial
    drop extend fix give hire increase install invite launch limit load lower move open pause publish push put raise
    reassign record redirect reduce register remap remove replace reroute rewrite retrain roll rotate route run schedule
    send set shift shorten show split staff start stop swap switch take teach test train turn update use write"""


def _verb(stem: str) -> str:
    """A verb in its forms: move, moves, moved, moving; stop, stopped, stopping."""
    root = stem.removesuffix("e")
    return rf"{stem}(?:s|d|ed)?|{root}(?:{root[-1]})?(?:ed|ing|en)"


def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)", re.IGNORECASE)


_IS_LOOKING = _any_of((*_LOOKING, *_NOT_KNOWING))
_IS_UNKNOWN = _any_of(_NOT_KNOWING)
_IS_DOING = _any_of((*map(_verb, _DOING.split()), r"certif(?:y|ies|ied|ying)"))
_BREAKS = re.compile(r"[.,;:\n]|\b(?:and|then|but)\b", re.IGNORECASE)
_INVESTIGATING = re.compile(
    r"^\W*(?:we\W+\w+\W+|(?:to|will)\W+)?(?:investigat|look(?:ing)?\s+into)", re.IGNORECASE
)


def names_action(text: str) -> bool:
    """Whether something is changed. Beside a clause that only looks, another one has to say what is done."""
    clauses = _clauses(text)
    plain = [clause for clause in clauses if not _IS_LOOKING.search(clause)]
    if len(plain) == len(clauses):
        return bool(clauses)
    return any(_IS_DOING.search(clause) for clause in plain)


def names_cause(text: str) -> bool:
    """Whether any clause says more than that the cause is unknown or still looked for."""
    return any(
        len(clause.split()) >= MIN_WORDS
        and not _IS_UNKNOWN.search(clause)
        and not _INVESTIGATING.search(clause)
        for clause in _clauses(text)
    )


def _clauses(text: str) -> list[str]:
    return [clause.strip() for clause in _BREAKS.split(text) if clause.strip()]
