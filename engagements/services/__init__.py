"""Writes about what was agreed: engagements, their people, and the versions of the campaign brief."""

from .agents import NewAgent, Result, add_agents, certify, end_agent, link_code, rename_agent, undo_move
from .brief import save_brief, sign_brief
from .drafts import discard_brief, propose_brief, start_brief
from .masking import mask_agents
from .opening import create_engagement
from .samples import join_sample, open_sample, send_home
from .scripts import approve_script, return_script, save_script, send_script, use_script
from .team import Owner, add_participant, end_participation, invite_again, name_substitute

__all__ = [
    "NewAgent",
    "Owner",
    "Result",
    "add_agents",
    "add_participant",
    "approve_script",
    "certify",
    "create_engagement",
    "discard_brief",
    "end_agent",
    "end_participation",
    "invite_again",
    "join_sample",
    "link_code",
    "mask_agents",
    "name_substitute",
    "open_sample",
    "propose_brief",
    "rename_agent",
    "return_script",
    "save_brief",
    "save_script",
    "send_home",
    "send_script",
    "sign_brief",
    "start_brief",
    "undo_move",
    "use_script",
]
