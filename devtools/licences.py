"""`dev.py check licences`: we may build on every locked package, and NOTICE names those that ask for it.

Run by `.venv`'s own Python, which knows what is installed: `python -m devtools.licences`.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution

from packaging.requirements import Requirement

from devtools.house import ROOT, say
from devtools.locks import lock_of

# Licences that ask for no more than their notice, which every installed package carries itself.
PERMISSIVE = {
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSD-3-Clause-Open-MPI",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "NCSA",
    "PSF-2.0",
    "Unlicense",
    "Zlib",
    "any-OSI",  # whichever one likes of those that the Open Source Initiative approves
}
# Licences whose files stay under them when changed: we import such packages and copy nothing; NOTICE must name each.
NAMED_IN_NOTICE = {"LGPL-3.0-only", "MPL-2.0"}

# What older packages write in place of an SPDX name.
SPELLINGS = {
    "Apache Software License": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "BSD": "BSD-3-Clause",
    "MIT License": "MIT",
    "ISC License (ISCL)": "ISC",
    "MPL 2.0": "MPL-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "PSFL": "PSF-2.0",
}


def locked(kind: str) -> list[str]:
    """The names of the packages of a lock that this machine installs."""
    lines = lock_of(kind).read_text(encoding="utf-8").splitlines()
    wanted = [Requirement(line.rstrip("\\ ")) for line in lines if re.match(r"[A-Za-z0-9]", line)]
    return [one.name for one in wanted if one.marker is None or one.marker.evaluate()]


def licences_of(name: str) -> set[str]:
    """The SPDX names in what a package says its licence is; where it offers a choice, all of them."""
    about = distribution(name).metadata.json
    expression = about.get("license_expression")
    if isinstance(expression, str):
        return {word.strip() for word in re.split(r"\s+(?:AND|OR)\s+|[()]", expression) if word.strip()}
    classified = {line.split(" :: ")[-1] for line in about.get("classifier", ()) if line.startswith("License ::")}
    said = classified - {"OSI Approved"} or {str(about.get("license") or "not said").splitlines()[0].strip()}
    return {SPELLINGS.get(word, word) for word in said}


def faults(names: Iterable[str], notice: str) -> Iterator[str]:
    """What is wrong with the licences of some packages, one line a fault."""
    for name in names:
        try:
            yield from judge(name, licences_of(name), notice)
        except PackageNotFoundError:
            yield f"{name}: locked but not installed; run `python3 dev.py setup`"


def judge(name: str, licences: set[str], notice: str) -> list[str]:
    """What is wrong with one package under these licences: nothing, where we may build on it and have said so."""
    strange = licences - PERMISSIVE - NAMED_IN_NOTICE
    if strange:
        return [f"{name}: licence {' and '.join(sorted(strange))} is in neither list of devtools/licences.py"]
    asking = licences & NAMED_IN_NOTICE
    if asking and not re.search(rf"\b{re.escape(name)}\b", notice, re.IGNORECASE):
        return [f"{name}: licence {' and '.join(sorted(asking))}, so NOTICE must name it"]
    return []


def main() -> int:
    """Print every fault; 0 where there is none."""
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    names = sorted({*locked("product"), *locked("dev")})
    found = list(faults(names, notice))
    for fault in found:
        say(fault)
    if not found:
        say(f"{len(names)} packages, every licence known and allowed")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
