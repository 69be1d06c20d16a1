"""Severities by the names that a workspace gave them, in the colours of their levels."""

from collections.abc import Iterable

from rootly_assets.charts.theme import LEVELS, level_colors
from rootly_assets.queries.incidents import LEVEL
from rootly_assets.reader import Dataset


def severity_colors(dataset: Dataset, names: Iterable[str]) -> dict[str, str]:
    """Severities in their order, from dark to light; those without a level last."""
    rows = dataset.portable(
        f"SELECT severity_name, {LEVEL} AS level FROM marts.dim_severities ORDER BY severity_position"
    ).records()
    levels = {row["severity_name"]: row["level"] for row in rows}
    places = {name: place for place, name in enumerate(levels)}

    def rank(name: str) -> tuple[int, int, str]:
        level = levels.get(name, "none")
        return LEVELS.index(level), places.get(name, len(places)), name

    ordered = sorted(set(names), key=rank)
    return dict(
        zip(ordered, level_colors([levels.get(each, "none") for each in ordered]), strict=True)
    )
