"""How an organisation looks on paper."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Brand:
    """What an organisation had chosen when the report was asked for.

    `colour` is "#rrggbb", `logo` a data: address of a cleaned picture; either is empty where nothing was chosen.
    """

    colour: str = ""
    logo: str = ""
