"""What people type into a brief: texts, figures, rows of a term, metric contracts. Works without JavaScript."""

from .form import BriefForm
from .typed import Typed

__all__ = ["BriefForm", "Typed"]
