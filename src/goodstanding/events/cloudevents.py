"""CloudEvents 1.0 in structured JSON form: `subject` is the person, `data` holds the columns from `amount` on.

What CloudEvents adds is taken so: extension attributes (a trace, a partition key) are left alone, since the standard
lets every relay add some; but a column of ours beside `data` instead of inside it is an error, lest it be overlooked.
"""

from __future__ import annotations

import re
from typing import Any

from goodstanding.errors import nearest
from goodstanding.events.faults import RefusedError, shown, shown_json
from goodstanding.events.schema import EVENT

ATTRIBUTES = {"id": "id", "source": "source", "type": "type", "subject": "person", "time": "time"}
IN_DATA = EVENT.names[EVENT.names.index("amount") :]
KNOWN = {*ATTRIBUTES, "specversion", "datacontenttype", "dataschema", "data", "data_base64"}
EXTENSION = re.compile("[a-z0-9]+")
JSON_CONTENT = re.compile(r"(?i:[a-z0-9.+-]+/(?:[a-z0-9.+-]+\+)?json\s*(?:;.*)?)")


def is_cloudevent(record: dict[str, Any]) -> bool:
    """Whether an object calls itself a CloudEvent."""
    return "specversion" in record


def from_cloudevent(record: dict[str, Any]) -> dict[str, Any]:
    """The columns of one CloudEvent.

    Raises:
        RefusedError: it is no CloudEvent 1.0, or its data are not ours.
    """
    if record["specversion"] != "1.0":
        raise RefusedError(f"specversion {shown_json(record['specversion'])}", 'CloudEvents of specversion "1.0"')
    for name in record.keys() - KNOWN:
        _check_extension(name, record[name])
    event = {column: record.get(name) for name, column in ATTRIBUTES.items()}
    return event | _data(record)


def _check_extension(name: str, value: object) -> None:
    if name in EVENT.names:
        inside = f"{name!r} inside 'data'" if name in IN_DATA else "'subject' for the person"
        raise RefusedError(f"attribute {name!r} of a CloudEvent", inside)
    if not EXTENSION.fullmatch(name) or isinstance(value, dict | list):
        raise RefusedError(f"attribute {shown(name)} of a CloudEvent", "a CloudEvents 1.0 attribute or extension")


def _data(record: dict[str, Any]) -> dict[str, Any]:
    if record.get("data_base64") is not None:
        raise RefusedError("'data_base64'", "'data' as a JSON object")
    content = record.get("datacontenttype")
    if content is not None and not (isinstance(content, str) and JSON_CONTENT.fullmatch(content)):
        raise RefusedError(f"datacontenttype {shown_json(content)}", "JSON, such as 'application/json'")
    data = record.get("data")
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise RefusedError(f"data {shown_json(data)}", "an object")
    for name in data:
        if name not in IN_DATA:
            near = nearest(name, IN_DATA)
            raise RefusedError(
                f"unknown column {shown(name)} in 'data'",
                f"one of {', '.join(IN_DATA)}",
                f"did you mean {near!r}?" if near else "",
            )
    return data
