"""Rates and their confidence intervals."""

from math import sqrt

_Z = 1.959963984540054  # of a 95 % interval


def rate(part: float, whole: float) -> float | None:
    """The share of `part`; None if there is nothing to divide by."""
    return part / whole if whole else None


def wilson_interval(part: int, whole: int) -> tuple[float | None, float | None]:
    """The 95 % confidence interval of `part` / `whole` by Wilson's method, which also holds for few observations."""
    if not whole:
        return None, None
    share, weight = part / whole, _Z**2 / whole
    centre = (share + weight / 2) / (1 + weight)
    half = _Z / (1 + weight) * sqrt(share * (1 - share) / whole + weight / (4 * whole))
    return max(0.0, centre - half), min(1.0, centre + half)
