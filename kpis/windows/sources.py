"""Where a rule of calling hours was read, in words for those who read the page. Pure."""

# As the rules' files name them, and as a reader knows them; whatever else a file says stands as it is.
NAMES = (
    (
        "dropcowboy.com state table (columns look shifted)",
        "DropCowboy’s table of states, unclear for this one",
    ),
    ("dropcowboy.com state table", "DropCowboy’s table of states"),
    ("VICIdial presets", "presets of the dialer VICIdial"),
    ("a research note of May 2026", "a summary of state rules, May 2026"),
    ("wmar2news.com", "WMAR-2 News"),
    ("northerntel.ca", "NorthernTel"),
    ("dnc.dreamhosters.com", "a list of do-not-call rules (dnc.dreamhosters.com)"),
    ("callcentresoftware.co.uk", "Call Centre Software (UK)"),
    ("callcentrehelper.com", "Call Centre Helper"),
)
AGAINST = " against "


def source_text(source: str) -> str:
    """The sources of a rule as its page names them; of those that disagree both are told."""
    for raw, known in NAMES:
        source = source.replace(raw, known)
    first, found, other = source.partition(AGAINST)
    told = f"{first}; otherwise in {other}" if found else source
    return f"{told[:1].upper()}{told[1:]}"
