"""What a chart shows, as a table: what its tooltips say of each mark, for who can't point at it or see it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rootly_assets.charts.drawn import Drawn

Row = tuple[str, ...]


def numbers(drawn: Drawn) -> tuple[Row, list[Row]]:
    """The titles of the tooltips, and what each says, in the order of the marks.

    Of a chart of several layers, those of the first that has any: the others mark the same, or sum it up. Where
    each mark is a number at the crossing of two things, one goes down and the other across.
    """
    spec: dict[str, Any] = drawn.to_dict()
    for layer in spec.get("layer", [spec]):
        encoding: dict[str, Any] = {**spec.get("encoding", {}), **layer["encoding"]}
        if tooltip := encoding.get("tooltip"):
            data = layer.get("data") or spec["data"]
            titles = tuple(each.get("title") or each["field"] for each in tooltip)
            rows = list(_rows(spec["datasets"][data["name"]], tooltip))
            order = encoding.get("color", {}).get("scale", {}).get("domain", ())
            return _crossed(titles[0], rows, order) or (titles, rows)
    return (), []


def _rows(records: Sequence[Mapping[str, Any]], tooltip: list[Mapping[str, str]]) -> Iterator[Row]:
    for record in records:
        yield tuple(_said(record.get(each["field"]), each.get("format", "")) for each in tooltip)


def _crossed(title: str, rows: list[Row], order: Sequence[str]) -> tuple[Row, list[Row]] | None:
    """The rows as a table with two sides; None where they are none, or a crossing is missing."""
    if not rows or len(rows[0]) != 3:
        return None
    found = {(down, across): value for down, across, value in rows}
    downs, acrosses = (list(dict.fromkeys(side)) for side in zip(*found, strict=True))
    is_whole = len(rows) == len(found) == len(downs) * len(acrosses)
    if not is_whole or min(len(downs), len(acrosses)) < 2:
        return None
    acrosses.sort(key=lambda each: order.index(each) if each in order else len(order))
    crossed = [(down, *(found[down, across] for across in acrosses)) for down in downs]
    return (title, *acrosses), crossed


def _said(value: object, form: str) -> str:
    """A value as the tooltip writes it; a dash where none is known."""
    if value is None:
        return "–"
    if isinstance(value, float) and value.is_integer() and not form:
        return f"{value:,.0f}"
    # What d3 means by the formats that are used here, Python does too.
    return format(value, form) if form else str(value)
