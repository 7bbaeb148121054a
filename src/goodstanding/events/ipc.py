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
from pyarrow import ipc

from goodstanding.events.faults import RefusedError, Said
from goodstanding.events.memory import ceiling
from goodstanding.events.parquet import UNREADABLE, refuse_bomb, said_error
from goodstanding.events.rows import Rows
from goodstanding.events.schema import Shape, world_of

CUT_ROWS = 1 << 17  # codes are unfolded where no string is at fault, that is of 512 bytes at most: 64 MiB


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
    _faults: list[Said] = field(init=False)
    row_count: None = None
    is_guarded = True

    def __post_init__(self) -> None:
        self.size = self.path.stat().st_size
        try:
            with ceiling(self.size):
                self.schema = self._open(None).schema
                self._faults = self.shape.typed_faults(self.schema)
        except (*UNREADABLE, MemoryError) as error:
            raise RefusedError(f"not readable as an Arrow file ({said_error(error)})", "a whole Arrow file") from error
        self.world = world_of(self.schema.metadata)

    def header_faults(self) -> list[Said]:
        """What is wrong with the columns' names and types."""
        return self._faults

    def rows(self) -> Iterator[Rows]:
        """The rows, in batches of at most 131,072."""
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
        except UNREADABLE as error:
            raise RefusedError(f"from row {first_row}: {said_error(error)}", "a whole Arrow file") from error

    def _cut(self, batch: Any, first_row: int) -> Iterator[Rows]:
        for begin in range(0, len(batch), CUT_ROWS):
            part = batch.slice(begin, CUT_ROWS)
            columns = dict(zip(part.schema.names, part.columns, strict=True))
            yield Rows(len(part), columns, np.arange(first_row + begin, first_row + begin + len(part)))

    def _open(self, wanted: list[int] | None) -> Any:
        options = ipc.IpcReadOptions(included_fields=wanted, use_threads=False)
        return ipc.open_file(pa.memory_map(str(self.path)), options=options)
