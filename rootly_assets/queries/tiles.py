"""Headline figures, as report and dashboard show them, and how much of a change in them is more than chance."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """How a figure differs from that of as many days before.

    Attributes:
        share: by how much of it.
        is_clear: whether that is more than chance makes.
        why: how that was told, in words.
    """

    share: float
    is_clear: bool
    why: str

    @property
    def words(self) -> str:
        """An arrow and the share."""
        if abs(self.share) < 0.005:
            return "±0%"
        return f"{'▲' if self.share > 0 else '▼'} {abs(self.share):.0%}"


@dataclass(frozen=True)
class Tile:
    """A headline figure.

    Attributes:
        label: what it is.
        value: as people read it; a dash where there is none.
        change: how it differs from the days before, as many; None where either is unknown.
        note: what stands behind it: how many, and for what share of them the figure is known.
        small: whether so few stand behind it that it says little.
    """

    label: str
    value: str
    change: Change | None = None
    note: str = ""
    small: bool = False


def change_of_count(now: int, before: int | None) -> Change | None:
    """Of how many there were: as clear as two counts of rare events can be, at 95 %."""
    if not before:
        return None
    is_clear = abs(now - before) > 1.96 * math.sqrt(now + before)
    why = "more than chance" if is_clear else "so many more or fewer happen by chance"
    return Change(now / before - 1, is_clear, why)


def change_of_value(now: float | None, before: float | None) -> Change | None:
    """Of a figure of which nobody has asked how much chance makes."""
    if now is None or not before:
        return None
    return Change(now / before - 1, is_clear=False, why="how much of it is chance is not known")
