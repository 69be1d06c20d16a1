"""Any panel becomes a query: each condition, grouping and aggregate, and a reason where it can't."""

from datetime import UTC, datetime
from typing import Any

import duckdb
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rootly_assets.panels.compiler import compile_dataset
from rootly_assets.panels.conditions import CannotCompileError, Window
from rootly_assets.panels.definition import Dataset, KeyedGroup
from rootly_assets_tests.panels.conftest import load

MARCH = Window(
    datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 31, tzinfo=UTC), "week", "America/New_York"
)
LINE = {"display": "line_chart"}
Answer = dict[tuple[str, str], float]


def ask(
    models: duckdb.DuckDBPyConnection,
    *,
    display: str = "aggregate_value",
    window: Window = MARCH,
    **dataset: Any,
) -> Answer:
    asked = msgspec.convert({"collection": "incidents", **dataset}, Dataset)
    query = compile_dataset(asked, display=display, title="Panel", window=window)
    found = models.execute(query).fetchall()
    return {(series, label): value for series, label, value, _ in found}


def rule(key: str, condition: str, value: Any = None, operation: str = "and") -> dict[str, Any]:
    return {"operation": operation, "condition": condition, "key": key, "value": value}


def count(models: duckdb.DuckDBPyConnection, *rules: dict[str, Any]) -> float:
    return ask(models, filter=[{"rules": list(rules)}]).get(("Panel", "value"), 0.0)


def test_no_filter_counts_everything_in_the_window(models: duckdb.DuckDBPyConnection) -> None:
    assert ask(models) == {("Panel", "value"): 4.0}
    narrow = Window(MARCH.since, datetime(2026, 3, 1, 7, 30, tzinfo=UTC), "day", "UTC")
    assert ask(models, window=narrow) == {("Panel", "value"): 1.0}


@pytest.mark.parametrize(
    ("given_rule", "expected"),
    [
        (rule("kind", "=", "normal"), 1),
        (rule("kind", "!=", "normal"), 3),  # a record without the attribute is not "normal" either
        (rule("kind", "exists"), 3),
        (rule("kind", "not_exists"), 1),
        (rule("kind", "contains", "BACK"), 1),
        (rule("kind", "not_contains", "back"), 3),
        (rule("services", "=", "web"), 1),
        (rule("resolution_time", ">=", 120), 2),
        (rule("resolution_time", "<=", "120"), 2),
        (rule("resolution_time", "not_exists"), 1),
        (rule("resolution_time", "=", 60), 1),
        (rule("resolution_time", "!=", 60), 3),
        (rule("custom_field:7", ">=", 12), 1),
        (rule("custom_field:7", "<=", 11), 0),
        (rule("incident_role:lead", "assigned"), 1),
        (rule("incident_role:lead", "unassigned"), 3),
        (rule("incident_role", "assigned", "lead"), 1),
        (rule("lead", "unassigned"), 3),
        (rule("incident_role:lead", "=", "Bo"), 1),
        (rule("custom_field:7", "assigned"), 1),
        (rule("custom_field", "unassigned", 7), 3),
    ],
)
def test_each_condition(
    models: duckdb.DuckDBPyConnection, given_rule: dict[str, Any], expected: int
) -> None:
    assert count(models, given_rule) == expected


def test_rules_are_joined_by_their_own_word_as_rootlys_default_panels_do(
    models: duckdb.DuckDBPyConnection,
) -> None:
    kinds = [rule("kind", "=", "normal"), rule("kind", "=", "backfilled", "or")]
    assert count(models, *kinds) == 2
    assert count(models, *kinds, rule("services", "=", "web")) == 1


def test_groups_are_joined_too(models: duckdb.DuckDBPyConnection) -> None:
    groups = [
        {"operation": "and", "rules": [rule("kind", "=", "test")]},
        {"operation": "or", "rules": [rule("services", "=", "web")]},
    ]
    assert ask(models, filter=groups) == {("Panel", "value"): 2.0}


def test_a_blank_rule_filters_nothing(models: duckdb.DuckDBPyConnection) -> None:
    blank = [{"operation": "and", "rules": [{"condition": "=", "operation": "and"}]}]
    assert ask(models, filter=blank) == {("Panel", "value"): 4.0}


def test_periods_are_cut_in_the_workspaces_time_zone(models: duckdb.DuckDBPyConnection) -> None:
    # 07:30 UTC on Sunday, March 1st is still in the week of February 23rd in New York; so is 18:00.
    weeks = ask(models, display="line_chart", name="all")
    assert weeks == {("all", "2026-02-23"): 2.0, ("all", "2026-03-09"): 2.0}


def test_an_average_leaves_out_records_without_the_measure(
    models: duckdb.DuckDBPyConnection,
) -> None:
    aggregate = {"operation": "average", "key": "resolution_time"}
    assert ask(models, aggregate=aggregate) == {("Panel", "value"): 260.0}


def test_a_record_counts_for_every_member_of_its_group(models: duckdb.DuckDBPyConnection) -> None:
    pie = ask(models, display="pie_chart", group_by="services")
    assert pie == {("Panel", "api"): 2.0, ("Panel", "web"): 1.0}
    line = ask(models, display="line_chart", group_by="services")
    assert line == {("api", "2026-02-23"): 2.0, ("web", "2026-02-23"): 1.0}


def test_a_group_may_be_a_field_or_a_role(models: duckdb.DuckDBPyConnection) -> None:
    people = ask(models, display="pie_chart", group_by={"key": "incident_role", "value": "lead"})
    assert people == {("Panel", "Ada"): 1.0, ("Panel", "Bo"): 1.0}
    answers = ask(models, display="pie_chart", group_by={"key": "custom_field", "value": 7})
    assert answers == {("Panel", "12"): 1.0}


def test_a_table_has_a_row_a_record(models: duckdb.DuckDBPyConnection) -> None:
    aggregate = {"operation": "sum", "key": "resolution_time"}
    rows = ask(models, display="table", aggregate=aggregate)
    assert rows == {("Panel", "#4 D"): 600.0, ("Panel", "#2 B"): 120.0, ("Panel", "#1 A"): 60.0}


def test_a_cumulative_count_runs_on(models: duckdb.DuckDBPyConnection) -> None:
    aggregate = {"operation": "count", "key": "results", "cumulative": True}
    weeks = ask(models, display="line_chart", aggregate=aggregate)
    assert weeks == {("Panel", "2026-02-23"): 2.0, ("Panel", "2026-03-09"): 4.0}


def test_only_charts_over_time_run_on(models: duckdb.DuckDBPyConnection) -> None:
    aggregate = {"operation": "count", "key": "results", "cumulative": True}
    pie = ask(models, display="pie_chart", group_by="services", aggregate=aggregate)
    assert pie == {("Panel", "api"): 2.0, ("Panel", "web"): 1.0}


def test_a_field_or_role_has_to_be_one_that_the_workspace_has(
    models: duckdb.DuckDBPyConnection,
) -> None:
    asked = Dataset("incidents", group_by=KeyedGroup("incident_role", "lead"))
    how: dict[str, Any] = {"display": "pie_chart", "title": "Panel", "window": MARCH}
    known = compile_dataset(asked, keys={"incident_role:lead"}, **how)
    assert len(models.execute(known).fetchall()) == 2
    with pytest.raises(CannotCompileError, match="the workspace has no incident role 'lead'"):
        compile_dataset(asked, keys=set(), **how)


BETWEEN_FAILURES: dict[str, Any] = {
    "collection": "alerts",
    "aggregate": {"operation": "average", "key": "time_between_failure"},
}


def test_the_time_between_failures_is_that_of_all_alerts(
    models: duckdb.DuckDBPyConnection,
) -> None:
    assert ask(models, **BETWEEN_FAILURES, filter=[{"rules": [{"condition": "="}]}]) == {}


@pytest.mark.parametrize(
    ("dataset", "reason"),
    [
        ({"collection": "pulses"}, "collection 'pulses'"),
        ({"group_by": "colour"}, "no attribute 'colour'"),
        ({"group_by": {"key": "alert_field", "value": "1"}}, "can't be grouped by 'alert_field'"),
        ({"filter": [{"rules": [rule("kind", "assigned", 1)]}]}, "kind is not a role"),
        (
            {"collection": "alerts", "filter": [{"rules": [rule("lead", "assigned")]}]},
            "alerts have no roles",
        ),
        ({"collection": "users", "group_by": "team"}, "users have no attribute 'team'"),
        ({**BETWEEN_FAILURES, "group_by": "source"}, "among these or among all"),
        (
            {**BETWEEN_FAILURES, "filter": [{"rules": [rule("source", "=", "datadog")]}]},
            "among these or among all",
        ),
        ({"filter": [{"rules": [rule("kind", "resembles", "x")]}]}, "condition 'resembles'"),
        ({"filter": [{"rules": [rule("resolution_time", ">=", "long")]}]}, "asks for a number"),
        ({"filter": [{"rules": [rule("resolution_time", "contains", "1")]}]}, "is a number"),
        ({"aggregate": {"operation": "median", "key": "results"}}, "operation 'median'"),
        ({"aggregate": {"operation": "sum", "key": "happiness"}}, "no measure 'happiness'"),
        (
            {"aggregate": {"operation": "average", "key": "results", "cumulative": True}, **LINE},
            "cumulative average",
        ),
    ],
)
def test_what_cannot_be_compiled_says_why(
    models: duckdb.DuckDBPyConnection, dataset: dict[str, Any], reason: str
) -> None:
    with pytest.raises(CannotCompileError, match=reason):
        ask(models, **dataset)


NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1)


@given(member=NAMES, other=NAMES)
def test_any_name_is_text_and_never_sql(member: str, other: str) -> None:
    when = datetime(2026, 3, 2, tzinfo=UTC)
    records = [("a", other, when, None, {"services": [member]})]
    with duckdb.connect() as models:
        load(models, records)
        kept = count(models, rule("services", "=", other))
        assert kept == float(member == other)
        pie = ask(models, display="pie_chart", name=other, group_by="services")
        assert pie == {(other, member): 1.0}
