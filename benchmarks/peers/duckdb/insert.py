"""DuckDB as a peer in taking events: INSERT from files into a table whose source and id are a key."""

import argparse
import json
import time
from pathlib import Path

import duckdb  # type: ignore[import-not-found,unused-ignore]  # it lives in an environment of its own

TABLE = """CREATE TABLE event (
  id VARCHAR NOT NULL, source VARCHAR NOT NULL, type VARCHAR NOT NULL, person VARCHAR NOT NULL,
  time TIMESTAMPTZ NOT NULL, amount BIGINT, value BIGINT, label VARCHAR, party VARCHAR, matter VARCHAR,
  PRIMARY KEY (source, id))"""


def main() -> None:
    """Load some files, then measure others: events a second of each, committed to a file on the disk."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--known", type=int, required=True)
    parser.add_argument("files", type=Path, nargs="+")
    given = parser.parse_args()
    given.database.unlink(missing_ok=True)
    connection = duckdb.connect(str(given.database))
    connection.execute(f"SET threads = {given.threads}")
    connection.execute(TABLE)
    rates = []
    for path in given.files:
        begun = time.perf_counter()
        (rows,) = connection.execute(
            f"INSERT INTO event SELECT * FROM read_parquet('{path}') ON CONFLICT DO NOTHING"
        ).fetchone() or (0,)
        rates.append(rows / (time.perf_counter() - begun))
    print(json.dumps({"rates": rates[given.known :]}))


if __name__ == "__main__":
    main()
