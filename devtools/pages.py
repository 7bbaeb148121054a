"""The pages that are made out of the code; run by `.venv`'s own Python: `python -m devtools.pages [--check]`."""

import sys
from collections.abc import Callable

from devtools import (
    cli_page,
    experiments_page,
    findings_page,
    ledger_page,
    measures_page,
    parameters_page,
    policy_page,
    refusals_page,
)
from devtools.house import DOCS, say

PAGES: dict[str, Callable[[], str]] = {
    "policy-format.md": policy_page.text,
    "cli.md": cli_page.text,
    "laboratory-experiments.md": experiments_page.text,
    "laboratory-findings.md": findings_page.text,
    "laboratory-measures.md": measures_page.text,
    "ledger-entries.md": ledger_page.text,
    "parameters.md": parameters_page.text,
    "refusals.md": refusals_page.text,
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
