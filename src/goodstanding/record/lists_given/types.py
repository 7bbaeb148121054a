"""Which types of event a list's rows become, as a policy that has the list says."""

from __future__ import annotations

from goodstanding.errors import RecordError, nearest
from goodstanding.filters import Filter
from goodstanding.policy import Policy


def types_of(policy: Policy, name: str) -> tuple[str, str | None]:
    """What opens a listing on a policy's list, and what ends it; None where nothing does.

    Raises:
        RecordError: the policy has no such list, or several types open or end it.
    """
    lists = {one.name: one for one in policy.lists}
    if name not in lists:
        near = nearest(name, list(lists))
        hint = f"did you mean {near!r}?" if near else f"it has {', '.join(lists) or 'none'}"
        raise RecordError(f"policy {policy.name!r} has no list {name!r}; {hint}")
    found = lists[name]
    return _only(found.opened, "--opens"), None if found.closed is None else _only(found.closed, "--closes")


def _only(filter_: Filter, option: str) -> str:
    types = filter_.types or ()
    if len(types) != 1 or types[0].endswith("*"):
        raise RecordError(f"several types of event do this in that policy; say which with {option}")
    return types[0]
