"""Our numbers beside Rootly's: what agrees, what differs and why, and what could not be compared."""

import json
from typing import Any

import duckdb
import pytest

from rootly_assets.panels.parity import Comparison, Panel, compare

SPAN = "2026-03-01T00:00:00.000-05:00 to 2026-03-31T23:59:59.999-04:00"


def compared(
    models: duckdb.DuckDBPyConnection,
    data: Any,
    *,
    display: str = "line_chart",
    key: str = "results",
    operation: str = "count",
    span: str | None = SPAN,
    time_zone: str = "America/New_York",
) -> list[Comparison]:
    aggregate = {"operation": operation, "key": key}
    dataset = {"name": "Total", "collection": "incidents", "aggregate": aggregate}
    params = json.dumps({"display": display, "datasets": [dataset]})
    panel = Panel("p", "Ours", "Total", params, json.dumps(data), span, "week")
    return list(compare(panel, models, time_zone=time_zone))


def test_equal_numbers_agree_and_an_empty_period_is_a_zero(
    models: duckdb.DuckDBPyConnection,
) -> None:
    data = [{"name": "Total", "data": {"2026-02-23": 2, "2026-03-02": 0, "2026-03-09": 2.0}}]
    rows = compared(models, data)
    assert [(row.label, row.ours, row.rootly, row.agrees) for row in rows] == [
        ("2026-02-23", 2.0, 2.0, True),
        ("2026-03-02", None, 0.0, True),
        ("2026-03-09", 2.0, 2.0, True),
    ]


def test_a_tampered_number_is_found(models: duckdb.DuckDBPyConnection) -> None:
    data = [{"name": "Total", "data": {"2026-02-23": 3, "2026-03-09": 2}}]
    wrong, right = compared(models, data)
    assert (wrong.agrees, right.agrees) == (False, True)
    assert "may have changed" in str(wrong.reason)


def test_a_series_that_rootly_lacks_and_one_that_we_lack_both_differ(
    models: duckdb.DuckDBPyConnection,
) -> None:
    rows = compared(models, [{"name": "Other", "data": {"2026-02-23": 2}}])
    assert {(row.series, row.agrees) for row in rows} == {("Other", False), ("Total", False)}


@pytest.mark.parametrize(
    ("arguments", "data", "reason"),
    [
        ({}, {"2026-02-23": 2, "2026-03-09": 1}, "still filling up"),
        ({"time_zone": "UTC"}, {"2026-02-23": 1, "2026-03-09": 2}, "ROOTLY_TIME_ZONE"),
        (
            {"key": "closed_time", "operation": "average", "display": "aggregate_value"},
            {"value": 7},
            "does not document how it computes closed_time",
        ),
    ],
)
def test_the_likely_reason_is_named(
    models: duckdb.DuckDBPyConnection,
    arguments: dict[str, Any],
    data: dict[str, float],
    reason: str,
) -> None:
    rows = compared(models, [{"name": "Total", "data": data}], **arguments)
    assert [reason in str(row.reason) for row in rows if not row.agrees] == [True]


def test_the_limit_is_one_of_all_records_that_a_panel_looks_at(
    models: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rootly_assets.panels.parity.MOST_RECORDS", 4)
    wrong, _ = compared(models, [{"name": "Total", "data": {"2026-02-23": 1, "2026-03-09": 2}}])
    assert "look at 4 records at most; here are 4" in str(wrong.reason)


@pytest.mark.parametrize(
    ("span", "data", "reason"),
    [
        (None, [], "does not say over which span"),
        ("last month", [], "does not say over which span"),
        ("2026-03-01 to 2026-03-31", [], "names no time zone"),
        (SPAN, {"series": 1}, "numbers can't be read"),
    ],
)
def test_what_cannot_be_compared_says_why(
    models: duckdb.DuckDBPyConnection, span: str | None, data: Any, reason: str
) -> None:
    (row,) = compared(models, data, span=span)
    assert row.agrees is None
    assert reason in str(row.reason)
