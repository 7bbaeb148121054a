"""PostgreSQL as a peer in taking events: COPY into a staging table, then INSERT … ON CONFLICT into one with a key.

The server is the one that the tests run, with what survives a power cut left on.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Final

import psycopg
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from tests.postgres import Server

COLUMNS: Final = """id text NOT NULL, source text NOT NULL, type text NOT NULL, person text NOT NULL,
  time timestamptz NOT NULL, amount bigint, value bigint, label text, party text, matter text"""
PIECE: Final = 1 << 20
SETTINGS: Final = {"shared_buffers": "1GB", "max_wal_size": "8GB"}


def main() -> None:
    """Load some files, then measure others: events a second of each; making CSV of Parquet is not counted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--known", type=int, required=True)
    parser.add_argument("files", type=Path, nargs="+")
    given = parser.parse_args()
    server = Server(SETTINGS)
    try:
        server.start()
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute(f"CREATE TABLE event ({COLUMNS}, PRIMARY KEY (source, id))".encode())
            connection.execute(f"CREATE UNLOGGED TABLE staging ({COLUMNS})".encode())
            rates = [_taken(connection, path) for path in given.files]
    finally:
        server.remove()
    print(json.dumps({"rates": rates[given.known :]}))


def _taken(connection: psycopg.Connection[tuple[object, ...]], path: Path) -> float:
    written = path.with_suffix(".copy.csv")
    pa_csv.write_csv(pq.read_table(path), written, pa_csv.WriteOptions(include_header=False))
    begun = time.perf_counter()
    with connection.cursor() as cursor, written.open("rb") as file:
        with cursor.copy("COPY staging FROM STDIN (FORMAT csv)") as copy:
            while piece := file.read(PIECE):
                copy.write(piece)
        cursor.execute("INSERT INTO event SELECT * FROM staging ON CONFLICT DO NOTHING")
        rows = cursor.rowcount
        cursor.execute("TRUNCATE staging")
    seconds = time.perf_counter() - begun
    written.unlink()
    return rows / seconds


if __name__ == "__main__":
    main()
