"""What was agreed: the engagement, its people, and the campaign brief in versions."""

from .agents import Agent, Certification, RosterEntry
from .brief import BriefMetric, BriefSignature, CampaignBrief, Direction
from .comments import Comment, Mention, Withdrawal
from .engagement import Engagement, PaperSize, WhenDayOff
from .kept import Copy, Kept, KeptPage
from .people import Participant
from .proof import ProofPiece
from .pseudonyms import Pseudonym
from .scripts import Script, ScriptApproval, ScriptFile, ScriptUse
from .signature import Signature

__all__ = [
    "Agent",
    "BriefMetric",
    "BriefSignature",
    "CampaignBrief",
    "Certification",
    "Comment",
    "Copy",
    "Direction",
    "Engagement",
    "Kept",
    "KeptPage",
    "Mention",
    "PaperSize",
    "Participant",
    "ProofPiece",
    "Pseudonym",
    "RosterEntry",
    "Script",
    "ScriptApproval",
    "ScriptFile",
    "ScriptUse",
    "Signature",
    "WhenDayOff",
    "Withdrawal",
]
