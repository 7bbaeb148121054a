"""A document with another size: fewer residents, months or seeds than it asks for, to see what will come out."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import yaml

from goodstanding.document.nodes import plain
from goodstanding.document.text import read

NOTE: Final = "# With other sizes than its author gave it: {sizes}.\n"


def resized(text: str, file: str, *, residents: int | None, months: int | None, seeds: int | None) -> str:
    """The same experiment of another size; as it is where nothing is asked for.

    Raises:
        PolicyError: it is no document.
    """
    asked: Mapping[str, int] = {
        name: size
        for name, size in (("residents", residents), ("months", months), ("seeds", seeds))
        if size is not None
    }
    document: Any = plain(read(text, file))
    if not asked or not isinstance(document, dict):
        return text
    city = document.get("city")
    city = dict(city) if isinstance(city, dict) else {}
    for name, size in asked.items():
        (document if name == "seeds" else city)[name] = size
    said = ", ".join(f"{name} {size:,}" for name, size in asked.items())
    body = yaml.dump({**document, "city": city}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    return NOTE.format(sizes=said) + body


class _Dumper(yaml.SafeDumper):
    """Writes decimals too, and no aliases."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 none are written, whatever it is
        """Never an alias: documents have none."""
        return True


_Dumper.add_representer(Decimal, lambda dumper, value: dumper.represent_scalar("tag:yaml.org,2002:float", f"{value:f}"))
