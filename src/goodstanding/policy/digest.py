"""The digest of a policy: SHA-256 of its document in canonical JSON.

The same for every layout, order of keys and way of writing a number; another for every other word or number.
"""

from __future__ import annotations

import json
from decimal import Decimal
from hashlib import sha256


def digest(document: object) -> str:
    """SHA-256 of a document of plain values, in hexadecimal."""
    return sha256(canonical(document).encode()).hexdigest()


def canonical(value: object) -> str:
    """Canonical JSON: keys sorted by UTF-16 units (as RFC 8785 has it), no spaces, numbers without idle zeros."""
    match value:
        case dict():
            keys = sorted(value, key=lambda key: str(key).encode("utf-16-be"))
            return "{" + ",".join(f"{canonical(key)}:{canonical(value[key])}" for key in keys) + "}"
        case list():
            return "[" + ",".join(canonical(item) for item in value) + "]"
        case Decimal():
            return f"{value.normalize():f}"
        case _:
            return json.dumps(value, ensure_ascii=False)
