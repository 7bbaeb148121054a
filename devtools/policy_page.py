"""The page of the policy format, out of the tables by which policies are read: keys, kinds of measure, points."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml

from goodstanding.document.shapes import Key, Shape
from goodstanding.filters import FILTER_KEYS
from goodstanding.measures import MEASURES
from goodstanding.points import FORM_KEYS, FORMS, NONE_KEY
from goodstanding.policy.check import POLICY_KEYS

HEAD = """# The policy format

Made out of the tables by which policies are read; what each part means is said by the
[specification](specification.md). A policy is one YAML 1.2 document, at most 1 MiB, without aliases, anchors and tags.
An unknown key, a key given twice and a missing one are errors; `goodstanding policy check FILE` tells all errors of a
document at once, each with its line.
"""


def text() -> str:
    """The page."""
    parts = [HEAD, *_document(), *_filters(), *_measures(), *_points()]
    return "\n".join(parts).rstrip("\n") + "\n"


def parts_within(keys: Iterable[Key], path: str = "") -> Iterator[tuple[str, Shape[Any]]]:
    """Every mapping with fixed keys that some keys hold, with the path of keys that leads to it."""
    for key in keys:
        here = f"{path}.{key.name}".lstrip(".")
        for shape in _shapes_of(key.kind):
            yield here, shape
            yield from parts_within(shape.keys, here)


def _shapes_of(kind: object) -> list[Shape[Any]]:
    """The mapping that a kind of value is, or is a list of."""
    if isinstance(kind, Shape):
        return [kind]
    inner = (getattr(kind, name, None) for name in ("kind", "value"))
    return [shape for one in inner if one is not None for shape in _shapes_of(one)]


def _document() -> Iterator[str]:
    yield "## The document\n"
    yield from _keys(POLICY_KEYS)
    yield "## Its parts\n"
    shown: set[int] = set()
    for path, shape in parts_within(POLICY_KEYS):
        if id(shape.keys) not in shown and shape.keys is not FILTER_KEYS:
            shown.add(id(shape.keys))
            yield f"### `{path}`: {shape.called}\n"
            yield from _keys(shape.keys)


def _filters() -> Iterator[str]:
    yield "## Filters\n"
    yield "A filter is a type (`bill.paid`), a prefix (`rail.*`) or a mapping in which all given tests must hold:\n"
    yield from _keys(FILTER_KEYS)


def _measures() -> Iterator[str]:
    yield "## Kinds of measure\n"
    for kind, measure in sorted(MEASURES.items()):
        yield f"### `{kind}`\n"
        yield f"{measure.about}\n"
        yield from _keys(measure.parameters)
        yield _example({"measure": measure.example})
        said = measure.sentences
        yield f"In words, where the factor has none of its own: “{said['en']}” ({said['zh']})\n"


def _points() -> Iterator[str]:
    yield "## Points\n"
    yield "A factor's `points` have exactly one of these forms, and beside any of them `none`:\n"
    yield from _keys([NONE_KEY])
    for form, points in FORMS.items():
        yield f"### `{form}`\n"
        yield from _keys(FORM_KEYS[form])
        yield _example({"points": points.example})


def _keys(keys: Iterable[Key]) -> Iterator[str]:
    yield "| key | what it is | its value | |\n| --- | --- | --- | --- |"
    for key in keys:
        value = _cell(key.kind.expected)
        yield f"| `{key.name}` | {_cell(key.about)} | {value} | {'required' if key.required else ''} |"
    yield ""


def _cell(said: str) -> str:
    return said.replace("|", "\\|").replace("\n", " ")


def _example(value: Mapping[str, Any]) -> str:
    """An example as a policy would write it."""
    written = yaml.safe_dump(value, default_flow_style=None, sort_keys=False, allow_unicode=True, width=110)
    return f"```yaml\n{written}```\n"
