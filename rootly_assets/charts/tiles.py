"""Headline figures, as report and dashboard show them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tile:
    """A headline figure.

    Attributes:
        label: what it is.
        value: as people read it; a dash where there is none.
        change: share by which it differs from the days before, as many; None where either is unknown.
        note: what stands behind it: how many, and for what share of them the figure is known.
        small: whether so few stand behind it that it says little.
    """

    label: str
    value: str
    change: float | None = None
    note: str = ""
    small: bool = False


def change(now: float | None, before: float | None) -> float | None:
    """The share by which a figure differs from the one before; None where there is nothing to compare."""
    if now is None or not before:
        return None
    return now / before - 1
