"""What was agreed: the engagement, its people, and the campaign brief in versions."""

from .brief import BriefMetric, BriefSignature, CampaignBrief, Direction
from .engagement import Engagement
from .people import Agent, Participant
from .proof import ProofPiece
from .signature import Signature

__all__ = [
    "Agent",
    "BriefMetric",
    "BriefSignature",
    "CampaignBrief",
    "Direction",
    "Engagement",
    "Participant",
    "ProofPiece",
    "Signature",
]
