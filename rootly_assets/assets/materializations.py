"""What a materialization of a raw table shows in the UI."""

from collections.abc import Sequence
from datetime import datetime

import dagster as dg

from rootly_assets.assets.specs import column_schema
from rootly_assets.catalogue import ColumnType, Endpoint
from rootly_assets.catalogue.sensitive import EMAIL_KEYS, NAME_KEYS, PHONE_KEYS
from rootly_assets.sync.outcome import Outcome, Progress

PREVIEW_ROWS = 5
PREVIEW_COLUMNS = 5
CANDIDATES = 20
LONGEST_CELL = 60

PERSONAL = NAME_KEYS | EMAIL_KEYS | PHONE_KEYS

# What people know a record by comes first; what tells them little at a glance comes last.
TELLING = ("sequential_id", "short_id", "name", "title", "status", "kind", "source")
DULL = ("slug", "color", "icon", "description", "content")
DULL_ENDINGS = ("_id", "_url", "_description", "_html")


def preview_columns(endpoint: Endpoint) -> list[str]:
    """`id`, then plain columns that hold neither secrets nor personal data, the telling ones first.

    They are more than a preview shows: it leaves out those that are empty.
    """
    plain = [
        name
        for name, kind in endpoint.columns.items()
        if kind is not ColumnType.JSON and name not in PERSONAL
    ]
    return ["id", *sorted(plain, key=_place)[:CANDIDATES]]


def _place(column: str) -> int:
    if column in TELLING:
        return TELLING.index(column)
    is_dull = column in DULL or column.endswith(DULL_ENDINGS)
    return len(TELLING) + is_dull


_NOT_PERMITTED = "not permitted: the table stands as it was"


def was_not_permitted(event: dg.DagsterEvent) -> bool:
    """Whether a materialization is one of a list that the key may not read."""
    read = event.materialization.metadata.get("read")
    return read is not None and read.value == _NOT_PERMITTED


def not_permitted(outcome: Outcome) -> dict[str, dg.MetadataValue]:
    """Metadata of a list that the key may not read."""
    return {
        "note": dg.MetadataValue.text(str(outcome.error)),
        "read": dg.MetadataValue.text(_NOT_PERMITTED),
    }


def loaded(
    outcome: Outcome, preview: Sequence[Sequence[object]]
) -> dict[str, dg.MetadataValue | dg.TableSchema]:
    """Metadata of a list that was read and committed."""
    assert outcome.loaded is not None, "a loaded outcome says what was loaded"
    assert outcome.reading is not None, "a loaded outcome says what was read"
    rows, reading = outcome.loaded, outcome.reading
    metadata: dict[str, dg.MetadataValue | dg.TableSchema] = {
        "dagster/row_count": dg.MetadataValue.int(rows.rows),
        "read": dg.MetadataValue.text(reading.why),
        "rows read": dg.MetadataValue.int(rows.received),
        "rows new": dg.MetadataValue.int(rows.new),
        "rows changed": dg.MetadataValue.int(rows.changed),
        "rows vanished": dg.MetadataValue.int(rows.vanished),
        "requests": dg.MetadataValue.int(reading.usage.requests),
        "retries": dg.MetadataValue.int(reading.usage.retries),
        "seconds": dg.MetadataValue.float(round(reading.seconds, 3)),
        "bytes": dg.MetadataValue.int(reading.usage.bytes),
        "watermark before": _instant(outcome.before.watermark),
        "watermark after": _instant(outcome.after.watermark),
    }
    if rows.undeclared:
        # What the asset itself declares would be a fifth of what Dagster stores of a run.
        metadata["dagster/column_schema"] = column_schema(outcome.endpoint, rows.undeclared)
    if reading.usage.rate_limit_left is not None:
        metadata["rate limit left"] = dg.MetadataValue.int(reading.usage.rate_limit_left)
    if preview:
        metadata["preview"] = dg.MetadataValue.md(
            _markdown(*_shown(preview_columns(outcome.endpoint), preview))
        )
    return metadata


def progress(told: Progress) -> dict[str, dg.MetadataValue]:
    """Metadata of a part of a long list that was committed."""
    return {
        "history back to": dg.MetadataValue.timestamp(told.back_to.timestamp()),
        "rows so far": dg.MetadataValue.int(told.rows),
    }


def progress_sentence(told: Progress) -> str:
    """One line for the log: how far back a long list has come."""
    if not told.is_new:
        return f"{told.endpoint.table}: read again back to {told.back_to:%Y-%m-%d}; going on with what is older"
    return (
        f"{told.endpoint.table}: everything since {told.back_to:%Y-%m-%d} is there, "
        f"{counted(told.rows, 'row')} so far; going on with what is older"
    )


def sentence(outcome: Outcome) -> str:
    """One line for the log: what was read, and what it changed."""
    if outcome.loaded is None or outcome.reading is None:
        return f"{outcome.endpoint.table}: {outcome.status}. {outcome.error}"
    rows, reading = outcome.loaded, outcome.reading
    changes = f"{rows.new} new, {rows.changed} changed, {rows.vanished} vanished"
    return (
        f"{outcome.endpoint.table}: {counted(rows.rows, 'row')} ({changes}); {reading.why}; "
        f"{counted(reading.usage.requests, 'request')}, {reading.seconds:.1f} s"
    )


def counted(number: int, noun: str) -> str:
    """`1 list`, `1,140 rows`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _instant(moment: datetime | None) -> dg.MetadataValue:
    return (
        dg.MetadataValue.text("none")
        if moment is None
        else dg.MetadataValue.timestamp(moment.timestamp())
    )


def _shown(
    columns: Sequence[str], rows: Sequence[Sequence[object]]
) -> tuple[list[str], list[list[object]]]:
    """The first columns that hold anything in these rows, `id` always among them."""
    filled = [
        at for at in range(len(columns)) if at == 0 or any(row[at] is not None for row in rows)
    ]
    chosen = filled[: 1 + PREVIEW_COLUMNS]
    return [columns[at] for at in chosen], [[row[at] for at in chosen] for row in rows]


def _markdown(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    text = " ".join(text.split()).replace("|", "\\|")
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
