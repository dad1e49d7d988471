"""The one way to name what is kept in the shared cache: by who is asking, and for which tenant."""

from common.hashing import content_hash

from .context import current


def cache_key(name: str, *parts: object) -> str:
    """A key that nobody else's request can hit: person, organisation and engagement of the context are part of it.

    `name` says what is kept ("kpis.trend"), `parts` which. Raises RuntimeError outside of a tenant context.
    """
    scope = current()
    if scope is None:
        raise RuntimeError(
            "Nothing of a tenant's may be kept without saying whose it is: enter a context first."
        )
    whose = f"u{scope.user_id}:o{scope.organisation_id or 0}:e{scope.engagement_id or 0}"
    return f"tenant:{whose}:{name}:{content_hash([str(part) for part in parts])}"
