#!/usr/bin/env python3
"""The one tool of the house: `python3 dev.py setup`, then `python3 dev.py check`.

It needs Python 3.11 or later and nothing else; what it runs, it first sets up in `.venv`.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(f"dev.py: this is Python {sys.version.split()[0]}; Goodstanding needs Python 3.11 or later.")

import argparse
import os

from devtools import checks, environment, locks
from devtools.house import ROOT, HouseError, fail, run, say, tool


def main(arguments: list[str]) -> int:
    """Run one command; 0 where it succeeded."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.do(options))
    except HouseError as error:
        return fail(str(error))
    except KeyboardInterrupt:
        return fail("stopped")


def _setup(options: argparse.Namespace) -> int:
    environment.setup("product" if options.product else "dev")
    return 0


def _demo(options: argparse.Namespace) -> int:
    environment.setup("product")
    say()
    return run([tool("goodstanding"), "demo", *options.arguments])


def _check(options: argparse.Namespace) -> int:
    environment.setup()
    return 0 if checks.check(options.parts) else 1


def _bench(options: argparse.Namespace) -> int:
    environment.setup()
    return run([tool("python"), os.fspath(ROOT / "benchmarks" / "run.py"), *options.arguments])


def _faults(options: argparse.Namespace) -> int:
    environment.setup()
    return 0 if checks.faults(options.names, long=options.long, seed=options.seed) else 1


def _fix(_options: argparse.Namespace) -> int:
    environment.setup()
    return 0 if checks.fix() else 1


def _docs(options: argparse.Namespace) -> int:
    environment.setup()
    made = checks.generate_pages()
    return 0 if made and (options.generate or checks.build_site()) else 1


def _lock(_options: argparse.Namespace) -> int:
    environment.setup()
    locks.lock()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dev.py", description="The one tool of the house.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    one = commands.add_parser("setup", help="make .venv out of the hashed lock")
    one.add_argument("--product", action="store_true", help="only what the product needs, no tools")
    one.set_defaults(do=_setup)

    one = commands.add_parser("demo", help="set up the product and run its demonstration")
    one.add_argument("arguments", nargs=argparse.REMAINDER, help="handed on to `goodstanding demo`")
    one.set_defaults(do=_demo)

    one = commands.add_parser("check", help="all that CI runs")
    one.add_argument("parts", nargs="*", metavar="PART", help=f"only these: {', '.join(checks.PARTS)}")
    one.set_defaults(do=_check)

    one = commands.add_parser("bench", help="measure against peers; equal results or it fails")
    one.add_argument("arguments", nargs=argparse.REMAINDER, help="handed on to benchmarks/run.py")
    one.set_defaults(do=_bench)

    one = commands.add_parser("faults", help="break things on purpose: a line of JSON a fault")
    one.add_argument("names", nargs="*", metavar="NAME", help="only these faults; else all, and the harmful files too")
    one.add_argument("--long", action="store_true", help="for hours, with fresh seeds")
    one.add_argument("--seed", type=int, help="the first seed, as a failed run told it")
    one.set_defaults(do=_faults)

    one = commands.add_parser("fix", help="format, lint's own fixes, generated pages")
    one.set_defaults(do=_fix)

    one = commands.add_parser("docs", help="build the site into site/")
    one.add_argument("--generate", action="store_true", help="only write the pages made out of the code")
    one.set_defaults(do=_docs)

    one = commands.add_parser("lock", help="make the locks anew")
    one.set_defaults(do=_lock)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
