"""Medians and their 90 % intervals, as the marts have them, and which of their changes are more than chance."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rootly_assets.queries.tiles import Change
from rootly_assets.reader import Dataset

SMALL = 5
"""Fewer than this say little."""

FEWEST_FOR_INTERVAL = 10
"""Of fewer a median has no interval: it would be as wide as all of them."""

# How far the ends of its 90 % interval are from a median in ranks, in square roots of how many there are.
_REACH = 0.8225


@dataclass(frozen=True)
class Median:
    """A median and what it is judged by.

    Attributes:
        value: None where nothing stands behind it.
        n: how many values do.
        low: lower end of its 90 % interval; None of fewer than `FEWEST_FOR_INTERVAL`.
        high: upper end.
    """

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None


def change_of_median(now: Median, before: Median | None) -> Change | None:
    """Of a median: clear where the 90 % intervals of the two have nothing in common."""
    if before is None or now.value is None or not before.value:
        return None
    share = now.value / before.value - 1
    if now.low is None or now.high is None or before.low is None or before.high is None:
        few = f"fewer than {FEWEST_FOR_INTERVAL} stand behind one of the two"
        return Change(share, is_clear=False, why=f"may be chance: {few}")
    if now.low > before.high or now.high < before.low:
        return Change(share, is_clear=True, why="more than chance")
    return Change(share, is_clear=False, why="may be chance: the intervals of the medians overlap")


def interval(value: str, *, place: str, n: str) -> str:
    """The ends of a median's 90 % interval, as columns `low` and `high`; as the macro `ranked_median_bound`.

    Args:
        value: the values.
        place: the rank of each, from 1.
        n: how many there are.
    """
    ranks = {
        "low": f"greatest(1, floor({n} / 2.0 - {_REACH} * sqrt({n})))",
        "high": f"least({n}, ceil({n} / 2.0 + {_REACH} * sqrt({n})) + 1)",
    }
    return ", ".join(
        f"max(CASE WHEN {n} >= {FEWEST_FOR_INTERVAL} AND {place} = {rank} THEN {value} END) AS {side}"
        for side, rank in ranks.items()
    )


def judged_medians(
    dataset: Dataset, row: Mapping[str, Any], columns: Mapping[str, str], rows: str
) -> dict[str, Median]:
    """Medians with their 90 % intervals, as the marts have them (`ranked_median_bound`).

    Args:
        dataset: where to read.
        row: for each name its median, and (`_n`) of how many.
        columns: SQL of the values, by name.
        rows: SQL of what they are of: a table, WHERE, and a condition.
    """
    parts = " UNION ALL ".join(
        f"SELECT '{name}' AS name, {interval('seconds', place='place', n=str(row[f'{name}_n']))} FROM ("
        "SELECT seconds, row_number() OVER (ORDER BY seconds) AS place "
        f"FROM (SELECT {column} AS seconds FROM {rows}) AS times WHERE seconds IS NOT NULL) AS placed"
        for name, column in columns.items()
    )
    found = {each["name"]: each for each in dataset.portable(parts).records()}
    return {
        name: Median(row[name], row[f"{name}_n"], found[name]["low"], found[name]["high"])
        for name in columns
    }
