"""Who can sign a gate for each side: by the playbook's role, or standing in for whoever has it."""

from collections.abc import Mapping

from milestones.models import Gate
from milestones.rules.events import Signer
from milestones.selectors.standing import Standing


def signing_roles(standing: Standing, gate: Gate) -> Mapping[str, str]:
    """The role of each side that signs this gate."""
    return {spec.code: spec.signers for spec in standing.playbook.gates}.get(gate.code, {})


def signers_of(standing: Standing, gate: Gate) -> dict[str, list[Signer]]:
    """Everybody who can sign this gate, by side. One query."""
    roles = signing_roles(standing, gate)
    found: dict[str, list[Signer]] = {side: [] for side in roles}
    for person in standing.people:
        if roles.get(person.side) == person.role:
            found[person.side].append(Signer(person.pk, person.name, person.user_id is not None))
            if stand_in := person.stand_in:
                found[person.side].append(
                    Signer(stand_in.pk, stand_in.name, joined=True, instead_of=person.name)
                )
    return found
