"""The pages that are made out of the code; run by `.venv`'s own Python: `python -m devtools.pages [--check]`."""

import sys
from collections.abc import Callable, Iterator
from typing import Any

from goodstanding.policy.read import DOCUMENT

from devtools import cli_page, policy_page
from devtools.house import DOCS, say
from goodstanding.document.shapes import Shape


def shapes_within(kind: object, seen: set[int] | None = None) -> Iterator[Shape[Any]]:
    """A shape and all shapes that its keys hold, each once, from the whole to its parts."""
    seen = set() if seen is None else seen
    if isinstance(kind, Shape):
        if id(kind) in seen:
            return
        seen.add(id(kind))
        yield kind
        for key in kind.keys:
            yield from shapes_within(key.kind, seen)
    else:
        for inner in (getattr(kind, "kind", None), getattr(kind, "value", None)):
            if inner is not None:
                yield from shapes_within(inner, seen)


PAGES: dict[str, Callable[[], str]] = {
    "policy-format.md": lambda: policy_page.text(shapes_within(DOCUMENT)),
    "cli.md": cli_page.text,
}


def stale() -> list[str]:
    """The generated pages that are not what the code would make now."""
    return [name for name, make in PAGES.items() if not _is(name, make())]


def _is(name: str, text: str) -> bool:
    page = DOCS / name
    return page.is_file() and page.read_text(encoding="utf-8") == text


def write() -> None:
    """Write them all."""
    for name, make in PAGES.items():
        (DOCS / name).write_text(make(), encoding="utf-8")
        say(f"docs/{name}: written")


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` only say which are stale; 1 where one is."""
    if arguments != ["--check"]:
        write()
        return 0
    old = stale()
    for name in old:
        say(f"docs/{name} is not what the code says now; run `python3 dev.py fix`")
    if not old:
        say(f"{len(PAGES)} generated pages, all fresh")
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
