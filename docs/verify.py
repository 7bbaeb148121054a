"""Check a ledger that Goodstanding exported, with Python alone: no package is needed, and nothing of Goodstanding's.

    python3 verify.py LEDGER.jsonl KEY HEAD [HEAD …] [WITNESS-KEY …]

LEDGER.jsonl is what `goodstanding ledger export` writes; KEY the home's verifier key; each HEAD a signed head that
somebody kept, and the older it is, the more it says. Shown is that each entry is as it was written and follows from
those before it (a chain of SHA-256); that all together come to the root of every head (RFC 9162), so that one ledger
grew out of the other; and that the home, and each witness whose key is given, signed the heads (c2sp.org/signed-note).
It prints what it checked and leaves with 0, or says the first thing that is wrong and leaves with 1.
"""

import base64
import hashlib
import json
import sys
from pathlib import Path


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def need(holds, otherwise):
    if not holds:
        raise ValueError(otherwise)


# --- Ledger and heads ------------------------------------------------------------------------------------------------


def main(ledger, log, *more):
    witnesses = [one for one in more if one.count("+") > 1 and not Path(one).exists()]
    heads = [read_head(one, log, witnesses) for one in more if one not in witnesses]
    need(heads, "no signed head was given, and without one a ledger that was made up looks as good as any")
    chain, nodes, count = bytes(32), [], 0
    hold(heads, count, nodes)
    for line in Path(ledger).read_text(encoding="utf-8").split("\n")[:-1]:
        row = json.loads(line)
        leaf = sha(b"\0", written(row["entry"]))
        chain = sha(chain, leaf)
        need(row["entry"]["seq"] == count, f"entry {count} is missing, or out of its place")
        need(row["leaf"] == leaf.hex(), f"entry {count} is not what was written")
        need(row["chain"] == chain.hex(), f"entry {count} does not follow from those before it")
        need(line.encode() == written(row) and len(row) == len(("entry", "leaf", "chain")), f"entry {count}: its form")
        count += 1
        nodes.append((1, leaf))
        while len(nodes) > 1 and nodes[-1][0] == nodes[-2][0]:
            (size, left), (_, right) = nodes[-2:]
            nodes[-2:] = [(2 * size, sha(b"\1", left, right))]
        hold(heads, count, nodes)
    for size, file, _ in heads:
        need(size <= count, f"{file}: signed for {size} entries, and there are {count}: some were cut off")
    print(f"{count} entries, each as it was written and signed for")


def hold(heads, count, nodes):
    for _, file, signed_root in [head for head in heads if head[0] == count]:
        root = nodes[-1][1] if nodes else sha()
        for _, left in reversed(nodes[:-1]):
            root = sha(b"\1", left, root)
        need(root == signed_root, f"{file}: the first {count} entries are not those it was signed for")


def written(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def read_head(file, log, witnesses):
    text, _, lines = Path(file).read_text(encoding="utf-8").rpartition("\n\n")
    origin, size, root = text.split("\n")
    signers = {key for key in (log, *witnesses) for line in lines.splitlines() if signs(key, line, text + "\n", file)}
    need(log in signers and log.split("+")[0] == origin, f"{file}: not signed by {log.split('+')[0]}")
    print(f"{file}: {size} entries, signed by {origin} and by {len(signers) - 1} of {len(witnesses)} witnesses")
    return int(size), file, base64.b64decode(root)


def signs(key, line, text, file):
    name, _, encoded = key.split("+", 2)
    key_of, blob = base64.b64decode(encoded), base64.b64decode(line.split(" ")[2])
    if line.split(" ")[:2] != ["—", name] or blob[:4] != sha(name.encode(), b"\n", key_of)[:4]:
        return False
    time = f"cosignature/v1\ntime {int.from_bytes(blob[4:12], 'big')}\n" if key_of[0] == ord("\4") else ""
    holds = ed25519(key_of[1:], (time + text).encode(), blob[12:] if time else blob[4:])
    need(holds, f"{file}: {name} did not sign it")
    return True


# --- Ed25519 (RFC 8032), as slow as it is short ----------------------------------------------------------------------

P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
BASE = bytes([0x58] + [0x66] * 31)


def ed25519(public, text, signature):
    need(len(public) == len(BASE) and len(signature) == 2 * len(BASE), "a key or a signature has another length")
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    k = int.from_bytes(hashlib.sha512(r + public + text).digest(), "little") % ORDER
    return s < ORDER and times(s, point(BASE)) == add(point(r), times(k, point(public)))


def point(packed):
    sign, y = packed[31] >> 7, int.from_bytes(packed, "little") % 2**255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    need(x * x % P == square and y < P, "no point of the curve")
    return (P - x if x % 2 != sign else x), y


def add(a, b):
    t = D * a[0] * a[1] * b[0] * b[1]
    x, y = (a[0] * b[1] + a[1] * b[0]) * pow(1 + t, -1, P), (a[1] * b[1] + a[0] * b[0]) * pow(1 - t, -1, P)
    return x % P, y % P


def times(number, a):
    total = (0, 1)
    for bit in f"{number:b}":
        total = add(total, total)
        total = add(total, a) if bit == "1" else total
    return total


if __name__ == "__main__":
    if len(sys.argv) < len(("verify.py", "LEDGER.jsonl", "KEY")):
        sys.exit(__doc__)
    try:
        main(*sys.argv[1:])
    except Exception as error:
        sys.exit(f"NOT AS WRITTEN: {error}")
