"""Two books side by side, whatever codes each gave to its words."""

from __future__ import annotations

from typing import Any

import numpy as np

from goodstanding.book import VOID, Book


def everything(book: Book) -> dict[str, Any]:
    """All that a book says, in words instead of codes."""
    columns, corrections = book.columns, book.corrections
    kinds = columns.kind.copy()
    kinds[corrections.void] = corrections.void_kinds
    return {
        "people": book.people.to_pylist(),
        "offsets": columns.offsets.tolist(),
        "time": columns.time.tolist(),
        "amount": columns.amount.tolist(),
        "value": columns.value.tolist(),
        "recorded": None if columns.recorded is None else columns.recorded.tolist(),
        "ids": None if columns.ids is None else columns.ids.to_pylist(),
        "party": _words(book.parties, columns.party),
        "matter": _words(book.matters, columns.matter),
        "kind": [_kind(book, int(kind)) for kind in kinds],
        "standing": (columns.kind != VOID).tolist(),
        "corrections": list(
            zip(corrections.rows.tolist(), corrections.targets.tolist(), corrections.ids.to_pylist(), strict=True)
        ),
        "void": corrections.void.tolist(),
        "limits": book.limits,
        "world": book.world,
        "dictionaries": {
            name: sorted(words.to_pylist())
            for name, words in {
                "parties": book.parties,
                "matters": book.matters,
                "types": book.kinds.types,
                "sources": book.kinds.sources,
                "labels": book.kinds.labels,
            }.items()
        },
        "kinds": sorted(repr(_kind(book, kind)) for kind in range(len(book.kinds))),
    }


def _words(dictionary: Any, codes: Any) -> list[str | None]:
    return [None if code == 0 else dictionary[int(code) - 1].as_py() for code in np.asarray(codes)]


def _kind(book: Book, kind: int) -> tuple[str | None, ...]:
    kinds = book.kinds
    codes = ((kinds.types, kinds.type), (kinds.sources, kinds.source), (kinds.labels, kinds.label))
    return tuple(_words(words, column[kind : kind + 1])[0] for words, column in codes)
