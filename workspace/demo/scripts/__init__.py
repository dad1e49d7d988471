"""The engagements of the demo: what was agreed in each, how its calls behave, what was found."""

from .alarm import ALARM
from .autumn import AUTUMN
from .battery import BATTERY
from .heat import HEAT
from .patio import PATIO
from .spring import SPRING

__all__ = ["ALARM", "AUTUMN", "BATTERY", "HEAT", "PATIO", "SCRIPTS", "SPRING"]

SCRIPTS = (AUTUMN, PATIO, SPRING, BATTERY, ALARM, HEAT)
