"""The normal distribution in loops: from a share to the deviation below which it lies, and back.

Traits are kept as shares (0.9 of a city lie below), and act as deviations; so both ways are needed.
"""

from __future__ import annotations

from math import erf, log, sqrt
from typing import Final

from goodstanding.lab.loops import loop

LEAST_SHARE: Final = 1e-7
TAIL: Final = 0.02425

A: Final = (
    -39.69683028665376,
    220.9460984245205,
    -275.9285104469687,
    138.3577518672690,
    -30.66479806614716,
    2.506628277459239,
)
B: Final = (-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572)
C: Final = (
    -0.007784894002430293,
    -0.3223964580411365,
    -2.400758277161838,
    -2.549732539343734,
    4.374664141464968,
    2.938163982698783,
)
D: Final = (0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416)


@loop
def share_below(deviation):
    """The share of a normal population that lies below a deviation."""
    return 0.5 * (1.0 + erf(deviation / sqrt(2.0)))


@loop
def deviation_of(share):
    """The deviation below which a share of a normal population lies, held within five deviations.

    Acklam's rational approximation, whose relative error is below 1.2e-9.
    """
    p = min(max(share, LEAST_SHARE), 1.0 - LEAST_SHARE)
    if TAIL <= p <= 1.0 - TAIL:
        q = p - 0.5
        r = q * q
        upper = ((((A[0] * r + A[1]) * r + A[2]) * r + A[3]) * r + A[4]) * r + A[5]
        lower = ((((B[0] * r + B[1]) * r + B[2]) * r + B[3]) * r + B[4]) * r + 1.0
        return q * upper / lower
    q = sqrt(-2.0 * log(p if p < TAIL else 1.0 - p))
    upper = ((((C[0] * q + C[1]) * q + C[2]) * q + C[3]) * q + C[4]) * q + C[5]
    lower = (((D[0] * q + D[1]) * q + D[2]) * q + D[3]) * q + 1.0
    return upper / lower if p < TAIL else -upper / lower
