"""The page of the ledger's entries, out of the register by which they are written."""

from collections.abc import Iterator

from goodstanding.record.ledger.entries import Body, kinds, told_by

HEAD = """# The ledger's entries

Whatever is done to a record is an entry of its ledger: it is added at the end, and never altered or taken away. Each
has a number (`seq`, from 0 and without a gap), a `kind`, a `source` and an `id` (said once and never again), an `actor`
(on whose word it was done), the `time` when it happened and the moment when it was `recorded` (both in microseconds
since 1970, UTC), and a `body`, whose fields are listed here.

`goodstanding ledger show HOME` shows them; what is hashed, and how, is told [to auditors](auditing.md).

A field marked *personal* says something about a person. It holds no text but a commitment to it: hex of SHA-256 over a
salt and the text. The salt is worked out from the person's key in the vault; when a person is erased the key is gone,
and nobody can tell any more what was meant, while the chain and all proofs stand.
"""


def text() -> str:
    """The page."""
    return "\n".join([HEAD, *_all()]).rstrip("\n") + "\n"


def _all() -> Iterator[str]:
    for name, kind in kinds().items():
        yield f"## `{name}`\n"
        yield _about(kind) + "\n"
        yield "| field | its value | what it says | |\n| --- | --- | --- | --- |"
        for one in told_by(kind):
            yield f"| `{one.name}` | {one.kind} | {_cell(one.about)} | {'personal' if one.personal else ''} |"
        yield ""


def _about(kind: type[Body]) -> str:
    return " ".join((kind.__doc__ or "").split())


def _cell(said: str) -> str:
    return said.replace("|", "\\|")
