"""One canonical form for everything that is hashed, so that equal content has equal hashes."""

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and no spare white space; dates, decimals and UUIDs as strings."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, cls=DjangoJSONEncoder)


def content_hash(value: Any) -> str:
    """SHA-256 of the canonical JSON, as 64 hex digits."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def token_hash(token: str) -> str:
    """What is kept of a random token: SHA-256, 64 hex digits. Random tokens need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()
