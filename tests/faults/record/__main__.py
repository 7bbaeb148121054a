"""`python -m tests.faults.record`: what `dev.py faults` runs."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Final

from tests.faults.record.faults import FAULTS
from tests.faults.record.running import named, run

SEED: Final = 20_261_124
"""At the gate the same cases are tried each time."""


def main(arguments: list[str]) -> int:
    """Run faults; 0 where none of them did harm."""
    options = _parser().parse_args(arguments)
    fresh = int.from_bytes(os.urandom(4), "big") if options.long else SEED
    seed = fresh if options.seed is None else options.seed
    workers = min(os.cpu_count() or 1, 8)
    try:
        wanted = [*named(FAULTS, options.names)]
    except KeyError as unknown:
        print(f"no fault is called {unknown}; there are {', '.join(each.name for each in FAULTS)}", file=sys.stderr)
        return 2
    outcomes = run(wanted, long=options.long, seed=seed, workers=workers, share=options.share)
    return 0 if not any(outcome.failed for outcome in outcomes) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py faults", description="Break things on purpose.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these")
    parser.add_argument("--long", action="store_true", help="as often as a long run asks, with fresh seeds")
    parser.add_argument("--seed", type=int, help="the first seed, as a failed run told it")
    parser.add_argument("--share", type=float, default=1.0, help="so many times as often")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
