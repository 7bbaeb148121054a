"""Runs the benchmark: `python3 dev.py bench [--quick]`. What it measures is said in `benchmarks/main.py`.

This file is run by its path, so it first lets the folder above be imported from, as `python -m` would.
"""

import os
import runpy
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path[0] = os.fspath(Path(__file__).resolve().parent.parent)
    runpy.run_module("benchmarks.main", run_name="__main__", alter_sys=True)
