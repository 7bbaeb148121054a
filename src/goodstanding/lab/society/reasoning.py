"""The reasons of everybody, as a compiled loop; apart, since a compiled file imports only what is compiled."""

from __future__ import annotations

import numpy as np

from goodstanding.lab.loops import loop


@loop
def find_reasons(first, last, points, places, most, code, codes, reasons):
    """Greatest loss first, in the policy's order where equal, a code once for the greatest of its losses.

    Args:
        places: the factors with a reason, in the policy's order; `most` is what each can give, `code` its reason.
    """
    loss = np.zeros(codes, np.int64)
    factor = np.zeros(codes, np.int64)
    for person in range(first, last):
        loss[:] = 0
        for i in range(places.size):
            lost = most[i] - points[places[i], person]
            if lost > loss[code[i]]:
                loss[code[i]] = lost
                factor[code[i]] = places[i]
        for place in range(min(reasons.shape[0], codes)):
            best = -1
            for c in range(codes):
                if loss[c] > 0 and (
                    best < 0 or loss[c] > loss[best] or (loss[c] == loss[best] and factor[c] < factor[best])
                ):
                    best = c
            if best < 0:
                break
            reasons[place, person] = factor[best]
            loss[best] = 0
