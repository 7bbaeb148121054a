"""Arrow's own file format (`.arrow`, `.feather`), record batch by record batch.

Nothing in such a file is checked by those who map it, and compressed buffers say themselves how large they are: so
each batch is validated in full before anything is read, and all of it happens under a ceiling on memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import ipc, types

from goodstanding.events.faults import RefusedError, Said
from goodstanding.events.memory import ceiling
from goodstanding.events.parquet import BATCH_ROWS, BATCH_TEXT, refuse_bomb, said_error
from goodstanding.events.rows import Rows
from goodstanding.events.schema import Shape, world_of


@dataclass(slots=True)
class ArrowFile:
    """An opened Arrow file.

    Raises:
        RefusedError: it is not an Arrow file, it is damaged, or `goodstanding.world` is neither live nor synthetic.
    """

    path: Path
    shape: Shape
    size: int = field(init=False)
    schema: Any = field(init=False)
    world: str | None = field(init=False)
    row_count: None = None
    is_guarded = True

    def __post_init__(self) -> None:
        self.size = self.path.stat().st_size
        try:
            with ceiling(self.size):
                self.schema = self._open(None).schema
        except (pa.ArrowException, OSError, MemoryError) as error:
            raise RefusedError(f"not readable as an Arrow file ({said_error(error)})", "a whole Arrow file") from error
        self.world = world_of(self.schema.metadata)

    def header_faults(self) -> list[Said]:
        """What is wrong with the columns' names and types."""
        return self.shape.typed_faults(self.schema)

    def rows(self) -> Iterator[Rows]:
        """The rows, in batches of at most half a million."""
        wanted = [place for place, name in enumerate(self.schema.names) if name in self.shape.names]
        first_row, decoded = 1, 0
        try:
            reader = self._open(wanted)
            for number in range(reader.num_record_batches):
                batch = reader.get_batch(number)
                batch.validate(full=True)
                decoded += batch.nbytes
                refuse_bomb(decoded, self.size)
                yield from self._cut(batch, first_row)
                first_row += len(batch)
        except (pa.ArrowException, OSError) as error:
            raise RefusedError(f"from row {first_row}: {said_error(error)}", "a whole Arrow file") from error

    def _cut(self, batch: Any, first_row: int) -> Iterator[Rows]:
        plain = {column.name for column in self.shape.columns if column.plain}
        longest = max((_longest(batch.column(name)) for name in plain & set(batch.schema.names)), default=0)
        step = max(1, min(BATCH_ROWS, BATCH_TEXT // (longest + 4)))
        for begin in range(0, len(batch), step):
            part = batch.slice(begin, step)
            columns = dict(zip(part.schema.names, part.columns, strict=True))
            yield Rows(len(part), columns, np.arange(first_row + begin, first_row + begin + len(part)))

    def _open(self, wanted: list[int] | None) -> Any:
        options = ipc.IpcReadOptions(included_fields=wanted, use_threads=False)
        return ipc.open_file(pa.memory_map(str(self.path)), options=options)


def _longest(array: Any) -> int:
    """The longest string, in bytes, that unfolding a column could repeat."""
    if not types.is_dictionary(array.type):
        return 0
    return pc.max(pc.binary_length(array.dictionary.cast(pa.binary()))).as_py() or 0
