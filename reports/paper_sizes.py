"""What reports are printed on: what was chosen, else what is usual where the campaign runs. Pure."""

# Where people print on Letter: Unicode CLDR 48, supplemental data, measurementData/paperSize.
LETTER_COUNTRIES = frozenset(
    ["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"]
)
_LETTER_ZONES = ("America/", "US/", "Canada/", "Pacific/Honolulu", "Asia/Manila")
# Of the Americas these print on A4.
_A4_ZONES = [
    "America/Araguaina",
    "America/Argentina",
    "America/Asuncion",
    "America/Bahia",
    "America/Belem",
    "America/Boa_Vista",
    "America/Buenos_Aires",
    "America/Campo_Grande",
    "America/Cayenne",
    "America/Cuiaba",
    "America/Fortaleza",
    "America/Guayaquil",
    "America/La_Paz",
    "America/Lima",
    "America/Maceio",
    "America/Manaus",
    "America/Montevideo",
    "America/Noronha",
    "America/Nuuk",
    "America/Paramaribo",
    "America/Porto_Velho",
    "America/Recife",
    "America/Rio_Branco",
    "America/Santarem",
    "America/Sao_Paulo",
]


def size_of(chosen: str, *, country: str, zone: str) -> str:
    """ "A4" or "letter": as chosen, else by the country whose holidays count, else by the time zone."""
    return chosen or usual_size(country=country, zone=zone)


def usual_size(*, country: str, zone: str) -> str:
    """What is usual in a country ("US"); without one, in a time zone ("America/New_York")."""
    if country:
        return "letter" if country in LETTER_COUNTRIES else "A4"
    return "letter" if zone.startswith(_LETTER_ZONES) and not zone.startswith(tuple(_A4_ZONES)) else "A4"
