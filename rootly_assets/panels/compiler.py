"""Compiles a dataset of a panel to one query over the intermediate models of panels, in standard SQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any

from rootly_assets.panels.definition import Dataset, Filter, KeyedGroup, Rule
from rootly_assets.panels.vocabulary import ATTRIBUTES, KEYED, MEASURES
from rootly_assets.sync.columns import literal

MEASURED = "intermediate.int_rootly__panel_measures"
ATTRIBUTED = "intermediate.int_rootly__panel_attributes"

PERIODS = ("day", "week", "month", "quarter", "year")
MOST_TABLE_ROWS = 100
_AGGREGATES = {"count": "count(*)", "sum": "sum(value)", "average": "avg(value)"}


# Text that every warehouse reads as a number.
_NUMBER = r"^[+-]?[0-9]{1,100}([.][0-9]{0,100})?([eE][+-]?[0-9]{1,2})?$"


class CannotCompileError(Exception):
    """A panel asks for something that can't be computed from the tables; says what."""


@dataclass(frozen=True)
class Window:
    """The span of time and the periods that a panel shows.

    Attributes:
        since: first instant; None for no bound.
        until: last instant; None for no bound.
        period: day, week (from Monday), month, quarter or year.
        time_zone: IANA name of the zone in which periods are cut.
    """

    since: datetime | None
    until: datetime | None
    period: str
    time_zone: str


def compile_dataset(
    dataset: Dataset,
    *,
    display: str,
    title: str,
    window: Window,
    narrowed: Sequence[str] = (),
) -> str:
    """The query that answers a dataset.

    Args:
        dataset: the question.
        display: how the panel shows it; decides over the labels.
        title: the panel's title, for a series without a name of its own.
        window: span of time and periods.
        narrowed: further conditions in SQL, on `measures.record_id`: the filters of a whole dashboard.

    Returns:
        SQL with the columns `series`, `label` (text), `value` (double) and `n` (records behind it).

    Raises:
        CannotCompileError: the dataset asks for what the tables don't have.
    """
    if dataset.collection not in MEASURES:
        raise CannotCompileError(f"the collection {dataset.collection!r} is not known")
    if window.period not in PERIODS:
        raise CannotCompileError(f"the period {window.period!r} is not known")
    aggregate = dataset.aggregate
    operation = (aggregate.operation if aggregate else None) or "count"
    key = (aggregate.key if aggregate else None) or "results"
    if operation not in _AGGREGATES:
        raise CannotCompileError(f"the operation {operation!r} is not known")
    if key not in MEASURES[dataset.collection]:
        raise CannotCompileError(f"{dataset.collection} have no measure {key!r}")
    group = _attribute(dataset.collection, dataset.group_by) if dataset.group_by else None
    series, label = _names(group, display=display, title=dataset.name or title, window=window)
    joined = (
        f" INNER JOIN {ATTRIBUTED} AS groups ON groups.collection = measures.collection"
        f" AND groups.record_id = measures.record_id AND groups.attribute = {literal(group)}"
        if group
        else ""
    )
    conditions = [
        f"measures.collection = {literal(dataset.collection)}",
        f"measures.key = {literal(key)}",
        *_bounds(window),
        *_filters(dataset),
        *narrowed,
    ]
    query = (
        f"SELECT {series} AS series, {label} AS label, "
        f"CAST({_AGGREGATES[operation]} AS DOUBLE PRECISION) AS value, count(*) AS n "
        f"FROM {MEASURED} AS measures{joined} WHERE {' AND '.join(conditions)} GROUP BY 1, 2"
    )
    if aggregate and aggregate.cumulative:
        if operation == "average":
            raise CannotCompileError("Rootly does not say what a cumulative average is")
        query = (
            "SELECT series, label, sum(value) OVER (PARTITION BY series ORDER BY label) AS value, "
            f"CAST(sum(n) OVER (PARTITION BY series ORDER BY label) AS BIGINT) AS n FROM ({query}) AS counted"
        )
    if display == "table":
        query += f" ORDER BY value DESC NULLS LAST, label LIMIT {MOST_TABLE_ROWS}"
    return query


def _names(group: str | None, *, display: str, title: str, window: Window) -> tuple[str, str]:
    """The SQL of the series' name and of the label, as the display lays them out."""
    named = "groups.member" if group else literal(title)
    if display == "pie_chart":
        return literal(title), named
    if display == "aggregate_value":
        return named, "'value'"
    if display == "table":
        return (literal(title), named) if group else (named, "measures.record_name")
    local = f"measures.measured_at AT TIME ZONE {literal(window.time_zone)}"
    first_day = f"CAST(date_trunc({literal(window.period)}, {local}) AS DATE)"
    return named, f"CAST({first_day} AS VARCHAR)"


def _bounds(window: Window) -> list[str]:
    bounds: list[str] = []
    if window.since is not None:
        bounds.append(f"measures.measured_at >= {_instant(window.since)}")
    if window.until is not None:
        bounds.append(f"measures.measured_at <= {_instant(window.until)}")
    return bounds


def _instant(moment: datetime) -> str:
    return f"TIMESTAMPTZ {literal(moment.isoformat())}"


def _filters(dataset: Dataset) -> list[str]:
    """The filter as one condition: rules and groups are joined from left to right, each by its own word."""
    groups = [
        (each.operation, condition)
        for each in dataset.filter or []
        if (condition := _group(dataset.collection, each)) is not None
    ]
    return [] if not groups else [_joined(groups)]


def _group(collection: str, group: Filter) -> str | None:
    rules = [(rule.operation, _rule(collection, rule)) for rule in group.rules if rule.key]
    return _joined(rules) if rules else None


def _joined(conditions: list[tuple[str, str]]) -> str:
    for operation, _ in conditions:
        if operation not in ("and", "or"):
            raise CannotCompileError(f"the word {operation!r} between rules is not known")
    first = conditions[0][1]
    return reduce(
        lambda left, right: f"({left} {right[0].upper()} {right[1]})", conditions[1:], first
    )


def _rule(collection: str, rule: Rule) -> str:
    key = rule.key or ""
    if rule.condition in ("assigned", "unassigned"):
        raise CannotCompileError("Rootly's API has no list of who holds which incident role")
    if key in MEASURES[collection] and key != "results":
        return _measure_rule(rule, key)
    attribute = _attribute(collection, key)
    has = (
        f"EXISTS (SELECT 1 FROM {ATTRIBUTED} AS held WHERE held.collection = measures.collection "
        f"AND held.record_id = measures.record_id AND held.attribute = {literal(attribute)}"
    )
    value = _text(rule.value)
    match rule.condition:
        case "exists":
            return f"{has})"
        case "not_exists":
            return f"NOT {has})"
        case "=":
            return f"{has} AND held.member = {literal(value)})"
        case "!=":
            return f"NOT {has} AND held.member = {literal(value)})"
        case "contains":
            return f"{has} AND position(lower({literal(value)}) IN lower(held.member)) > 0)"
        case "not_contains":
            return f"NOT {has} AND position(lower({literal(value)}) IN lower(held.member)) > 0)"
        case ">=" | "<=":
            number = _number(rule)
            value = f"CASE WHEN held.member ~ {literal(_NUMBER)} THEN CAST(held.member AS DOUBLE PRECISION) END"
            return f"{has} AND {value} {rule.condition} {number!r})"
        case _:
            raise CannotCompileError(f"the condition {rule.condition!r} is not known")


def _measure_rule(rule: Rule, key: str) -> str:
    has = (
        f"EXISTS (SELECT 1 FROM {MEASURED} AS held WHERE held.collection = measures.collection "
        f"AND held.record_id = measures.record_id AND held.key = {literal(key)}"
    )
    match rule.condition:
        case "exists":
            return f"{has})"
        case "not_exists":
            return f"NOT {has})"
        case "=" | ">=" | "<=":
            return f"{has} AND held.value {rule.condition} {_number(rule)!r})"
        case "!=":
            return f"NOT {has} AND held.value = {_number(rule)!r})"
        case _:
            raise CannotCompileError(f"{key} is a number: {rule.condition!r} says nothing about it")


def _attribute(collection: str, group: str | KeyedGroup) -> str:
    if isinstance(group, KeyedGroup):
        if group.key == "incident_role":
            raise CannotCompileError("Rootly's API has no list of who holds which incident role")
        if collection not in KEYED.get(group.key, ()):
            raise CannotCompileError(f"{collection} can't be grouped by {group.key!r}")
        return f"{group.key}:{group.value}"
    kind = group.split(":", 1)[0]
    if group not in ATTRIBUTES[collection] and collection not in KEYED.get(kind, ()):
        raise CannotCompileError(f"{collection} have no attribute {group!r}")
    return group


def _number(rule: Rule) -> float:
    try:
        return float(rule.value)
    except (TypeError, ValueError) as error:
        raise CannotCompileError(
            f"{rule.key} {rule.condition} asks for a number, and {rule.value!r} is none"
        ) from error


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
