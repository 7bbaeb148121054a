"""Drawn documents and moments, written as people write them: YAML 1.2 text and ISO 8601 times."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def as_yaml(document: Mapping[str, Any]) -> str:
    """Write a policy document as YAML 1.2: an entry of the top level, or an item of its list, on each line.

    Strings are quoted, numbers are written out in full, so that no reader can take one for the other.
    """
    lines = []
    for key, found in document.items():
        if isinstance(found, list) and found:
            lines += [f"{key}:", *(f"  - {flow(item)}" for item in found)]
        else:
            lines.append(f"{key}: {flow(found)}")
    return "\n".join(lines) + "\n"


def flow(found: object) -> str:
    """Write one value in flow style."""
    if isinstance(found, Mapping):
        return (
            "{" + ", ".join(f"{json.dumps(key, ensure_ascii=False)}: {flow(one)}" for key, one in found.items()) + "}"
        )
    if isinstance(found, Sequence) and not isinstance(found, str):
        return "[" + ", ".join(flow(one) for one in found) + "]"
    if isinstance(found, Decimal):
        return f"{found:f}"
    return json.dumps(found, ensure_ascii=False)


def as_iso(moment: int) -> str:
    """Write microseconds since 1970 as a UTC time of ISO 8601."""
    return (EPOCH + timedelta(microseconds=moment)).isoformat().replace("+00:00", "Z")


def as_moment(text: str) -> int:
    """Read a UTC time of ISO 8601 as microseconds since 1970."""
    return (datetime.fromisoformat(text) - EPOCH) // timedelta(microseconds=1)
