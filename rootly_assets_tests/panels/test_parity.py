"""Our numbers beside Rootly's: what agrees, what differs and why, and what could not be compared."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest

from rootly_assets.panels.compiler import MOST_TABLE_ROWS
from rootly_assets.panels.parity import Comparison, Panel, compare
from rootly_assets.panels.reasons import Asked
from rootly_assets_tests.panels.conftest import load

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
    cumulative: bool = False,
    asked: Asked | None = None,
) -> list[Comparison]:
    aggregate = {"operation": operation, "key": key, "cumulative": cumulative}
    dataset = {"name": "Total", "collection": "incidents", "aggregate": aggregate}
    params = json.dumps({"display": display, "datasets": [dataset]})
    panel = Panel("p", "Ours", "Total", params, json.dumps(data), span, "week")
    return list(compare(panel, models, time_zone=time_zone, asked=asked))


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


def test_numbers_that_were_kept_out_of_the_table_are_not_compared(
    models: duckdb.DuckDBPyConnection,
) -> None:
    params = json.dumps({"display": "table", "datasets": [{"collection": "users"}]})
    panel = Panel("p", "Ours", "Who", params, None, SPAN, "week")
    (row,) = compare(panel, models, time_zone="America/New_York")
    assert row.agrees is None
    assert "ROOTLY_PERSONAL_DATA" in str(row.reason)


def test_a_tampered_number_is_found(models: duckdb.DuckDBPyConnection) -> None:
    data = [{"name": "Total", "data": {"2026-02-23": 3, "2026-03-09": 2}}]
    wrong, right = compared(models, data)
    assert (wrong.agrees, right.agrees) == (False, True)
    assert str(wrong.reason).startswith("unexplained")


def test_a_series_that_rootly_lacks_and_one_that_we_lack_both_differ(
    models: duckdb.DuckDBPyConnection,
) -> None:
    rows = compared(models, [{"name": "Other", "data": {"2026-02-23": 2}}])
    assert {(row.series, row.agrees) for row in rows} == {("Other", False), ("Total", False)}


def test_a_total_that_runs_on_stands_still_in_a_quiet_week(
    models: duckdb.DuckDBPyConnection,
) -> None:
    data = [{"name": "Total", "data": {"2026-02-23": 2, "2026-03-02": 2, "2026-03-09": 4}}]
    rows = compared(models, data, cumulative=True)
    assert [(row.ours, row.agrees) for row in rows] == [(2.0, True), (2.0, True), (4.0, True)]


def test_datasets_of_one_name_are_compared_each_with_its_own(
    models: duckdb.DuckDBPyConnection,
) -> None:
    def dataset(kind: str) -> dict[str, Any]:
        rule = {"operation": "and", "condition": "=", "key": "kind", "value": kind}
        return {
            "name": "Total",
            "collection": "incidents",
            "filter": [{"operation": "and", "rules": [rule]}],
            "aggregate": {"operation": "count", "key": "results"},
        }

    # Nothing is of the first kind; Rootly's second number of backfilled ones is wrong.
    kinds = ("scheduled", "normal", "backfilled")
    params = {"display": "line_chart", "datasets": [dataset(kind) for kind in kinds]}
    data = [
        {"name": "Total", "data": {"2026-02-23": number, "2026-03-02": 0}} for number in (0, 1, 7)
    ]
    panel = Panel("p", "Ours", "Total", json.dumps(params), json.dumps(data), SPAN, "week")

    rows = list(compare(panel, models, time_zone="America/New_York"))

    assert [(row.series, row.label, row.ours, row.rootly, row.agrees) for row in rows] == [
        ("Total", "2026-02-23", None, 0.0, True),
        ("Total", "2026-03-02", None, 0.0, True),
        ("Total (2)", "2026-02-23", 1.0, 1.0, True),
        ("Total (2)", "2026-03-02", None, 0.0, True),
        ("Total (3)", "2026-02-23", 1.0, 7.0, False),
        ("Total (3)", "2026-03-02", None, 0.0, True),
    ]


def test_members_of_one_name_are_compared_each_with_its_own_dataset(
    models: duckdb.DuckDBPyConnection,
) -> None:
    datasets = [
        {
            "collection": "incidents",
            "group_by": "services",
            "aggregate": {"operation": operation, "key": key},
        }
        for operation, key in (("count", "results"), ("sum", "resolution_time"))
    ]
    params = {"display": "line_chart", "datasets": datasets}
    data = [
        {"name": name, "data": {"2026-02-23": number}}
        for name, number in (("api", 2), ("web", 1), ("api", 180), ("web", 60))
    ]
    panel = Panel("p", "Ours", "Both", json.dumps(params), json.dumps(data), SPAN, "week")

    rows = list(compare(panel, models, time_zone="America/New_York"))

    assert {(row.series, row.ours, row.agrees) for row in rows} == {
        ("api", 2.0, True),
        ("web", 1.0, True),
        ("api (2)", 180.0, True),
        ("web (2)", 60.0, True),
    }


# The last record of March came on the 10th at noon; the one before on the 9th.
ON_THE_10TH = datetime(2026, 3, 10, 12, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("arguments", "data", "reason"),
    [
        (
            {"asked": Asked(ON_THE_10TH)},
            {"2026-02-23": 2, "2026-03-09": 1},
            "cache age: one record changed after 11:50 UTC; as of 11:50:00 ours is the same",
        ),
        (
            {"asked": Asked(ON_THE_10TH)},
            {"2026-02-23": 2, "2026-03-09": 0},
            "unexplained: one record changed after 11:50 UTC, which does not account for it",
        ),
        (
            {"asked": Asked(ON_THE_10TH + timedelta(days=1))},
            {"2026-02-23": 2, "2026-03-09": 1},
            "unexplained: no record changed after 11:50 UTC",
        ),
        (
            {"asked": Asked(ON_THE_10TH, {"incidents": ON_THE_10TH - timedelta(hours=1)})},
            {"2026-02-23": 2, "2026-03-09": 3},
            "incidents were read at 11:10:00 and Rootly's number at 12:10:00",
        ),
        ({}, {"2026-02-23": 2, "2026-03-09": 1}, "nobody knows when Rootly was asked"),
        (
            {"time_zone": "Asia/Tokyo"},
            {"2026-02-23": 2, "2026-03-09": 2},
            "time zone: periods are cut in Asia/Tokyo here, and agree when cut at UTC-05:00",
        ),
        (
            {"key": "closed_time", "operation": "average", "display": "aggregate_value"},
            {"value": 7},
            "undocumented key: Rootly does not say how it computes closed_time",
        ),
    ],
)
def test_the_reason_rests_on_rows(
    models: duckdb.DuckDBPyConnection,
    arguments: dict[str, Any],
    data: dict[str, float],
    reason: str,
) -> None:
    rows = compared(models, [{"name": "Total", "data": data}], **arguments)
    differing = [str(row.reason) for row in rows if not row.agrees]
    assert differing
    assert all(reason in each for each in differing), differing


def test_the_cap_is_one_of_all_records_that_a_panel_looks_at(
    models: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rootly_assets.panels.reasons.MOST_RECORDS", 3)
    fewer = [{"name": "Total", "data": {"2026-02-23": 1, "2026-03-09": 2}}]
    wrong, _ = compared(models, fewer)
    assert "look at 3 records at most, and here are 4" in str(wrong.reason)
    # A cap takes away; it does not add.
    more = [{"name": "Total", "data": {"2026-02-23": 3, "2026-03-09": 2}}]
    assert str(compared(models, more)[0].reason).startswith("unexplained")
    huge = [{"name": "Total", "data": {"2026-02-23": 1e9, "2026-03-09": 1e9}}]
    sums = compared(models, huge, key="resolution_time", operation="sum")
    assert all(str(row.reason).startswith("unexplained") for row in sums)
    means = compared(models, huge, key="resolution_time", operation="average")
    assert all("whose mean may be another" in str(row.reason) for row in means)
    monkeypatch.setattr("rootly_assets.panels.reasons.MOST_RECORDS", 4)
    assert str(compared(models, fewer)[0].reason).startswith("unexplained")


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


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        (None, "asks for nothing"),
        ({"display": "line_chart", "datasets": []}, "asks for nothing"),
        ({"display": "gauge", "datasets": [{"collection": "incidents"}]}, "'gauge' is not known"),
        *(
            (
                {
                    "datasets": [
                        {
                            "collection": "incidents",
                            "filter": [
                                {
                                    "rules": [
                                        {
                                            "condition": ">=",
                                            "key": "resolution_time",
                                            "value": value,
                                        }
                                    ]
                                }
                            ],
                        }
                    ]
                },
                "asks for a number",
            )
            for value in ("nan", "inf", "1e400", "soon", None)
        ),
    ],
)
def test_a_definition_that_means_nothing_here_stops_no_other_panel(
    models: duckdb.DuckDBPyConnection, params: Any, reason: str
) -> None:
    panel = Panel("p", "Ours", "Odd", params and json.dumps(params), "[]", SPAN, "week")
    (row,) = compare(panel, models, time_zone="America/New_York")
    assert row.agrees is None
    assert reason in str(row.reason)


def test_a_panel_and_a_record_without_a_name_are_compared_all_the_same(
    models: duckdb.DuckDBPyConnection,
) -> None:
    models.execute("BEGIN")
    models.execute(
        "UPDATE intermediate.int_rootly__panel_measures SET record_name = NULL WHERE record_id = "
        "(SELECT min(record_id) FROM intermediate.int_rootly__panel_measures WHERE collection = 'incidents')"
    )
    params = json.dumps({"display": "table", "datasets": [{"collection": "incidents"}]})
    data = json.dumps([{"name": None, "data": {"somebody": 1.0}}])
    rows = list(
        compare(Panel("p", "Ours", "", params, data, SPAN, "week"), models, time_zone="UTC")
    )
    models.execute("ROLLBACK")
    assert len(rows) > 2
    assert {row.label for row in rows} >= {"somebody"}
    assert all(row.label for row in rows)


@pytest.mark.parametrize(
    ("display", "compared_with"), [("line_chart", None), ("aggregate_value", 4.0)]
)
def test_a_dashboard_that_names_no_period_has_its_charts_over_time_left_out(
    models: duckdb.DuckDBPyConnection, display: str, compared_with: float | None
) -> None:
    params = json.dumps({"display": display, "datasets": [{"collection": "incidents"}]})
    data = json.dumps([{"name": "Total", "data": {"value": 4}}])
    panel = Panel("p", "Ours", "Total", params, data, SPAN, None)
    (row,) = compare(panel, models, time_zone="America/New_York")
    assert row.ours == compared_with
    assert row.agrees is (True if compared_with else None)


def test_of_a_table_with_more_rows_than_rootly_shows_those_that_it_shows_are_compared(
    models: duckdb.DuckDBPyConnection,
) -> None:
    start = datetime(2026, 3, 2, tzinfo=UTC)
    load(
        models,
        [(f"r{i}", f"#{i} x", start + timedelta(hours=i), 60.0, {}) for i in range(1, 301)],
    )
    params = json.dumps({"display": "table", "datasets": [{"collection": "incidents"}]})
    newest = {f"#{i} x": 1 for i in range(300, 300 - MOST_TABLE_ROWS, -1)}
    wrong = {**newest, "#300 x": 2}
    for shown, differing in ((newest, []), (wrong, ["#300 x"])):
        data = json.dumps([{"name": "Total", "data": shown}])
        panel = Panel("p", "Ours", "Total", params, data, SPAN, "week")
        rows = list(compare(panel, models, time_zone="UTC"))
        assert len(rows) == MOST_TABLE_ROWS
        assert [row.label for row in rows if not row.agrees] == differing
