"""What the words of a panel mean in SQL: its attributes, its measures, its filter."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any, Self

from rootly_assets.panels.definition import Dataset, Filter, KeyedGroup, Rule
from rootly_assets.panels.vocabulary import ATTRIBUTES, KEYED, MEASURES
from rootly_assets.sql import instant, literal

MEASURED = "intermediate.int_rootly__panel_measures"
ATTRIBUTED = "intermediate.int_rootly__panel_attributes"

PERIODS = ("day", "week", "month", "quarter", "year")
AGGREGATES = {"count": "count(*)", "sum": "sum(value)", "average": "avg(value)"}

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


def _bounds(window: Window) -> list[str]:
    bounds: list[str] = []
    if window.since is not None:
        bounds.append(f"measures.measured_at >= {instant(window.since)}")
    if window.until is not None:
        bounds.append(f"measures.measured_at <= {instant(window.until)}")
    return bounds


def _joined(conditions: list[tuple[str, str]]) -> str:
    for operation, _ in conditions:
        if operation not in ("and", "or"):
            raise CannotCompileError(f"the word {operation!r} between rules is not known")
    first = conditions[0][1]
    return reduce(
        lambda left, right: f"({left} {right[0].upper()} {right[1]})", conditions[1:], first
    )


@dataclass(frozen=True)
class Words:
    """What a dataset's words mean in SQL.

    Attributes:
        collection: what is looked at.
        operation: count, sum or average.
        key: the measure that is counted, summed or averaged.
        keys: the fields and roles that the workspace has; None where that is not checked.
        measured: the relation of measures, or a query in brackets.
    """

    collection: str
    operation: str
    key: str
    keys: Collection[str] | None
    measured: str

    @classmethod
    def of(
        cls, dataset: Dataset, window: Window, keys: Collection[str] | None, measured: str
    ) -> Self:
        """The words of a dataset; CannotCompileError if one is not known."""
        if dataset.collection not in MEASURES:
            raise CannotCompileError(f"the collection {dataset.collection!r} is not known")
        if window.period not in PERIODS:
            raise CannotCompileError(f"the period {window.period!r} is not known")
        operation, key = dataset.operation, dataset.key
        if operation not in AGGREGATES:
            raise CannotCompileError(f"the operation {operation!r} is not known")
        if key not in MEASURES[dataset.collection]:
            raise CannotCompileError(f"{dataset.collection} have no measure {key!r}")
        return cls(dataset.collection, operation, key, keys, measured)

    def conditions(self, dataset: Dataset, window: Window) -> list[str]:
        """Which measures the dataset looks at."""
        return [
            f"measures.collection = {literal(self.collection)}",
            f"measures.key = {literal(self.key)}",
            *_bounds(window),
            *self._filters(dataset),
        ]

    def looks_at_all(self, dataset: Dataset) -> bool:
        """Whether the dataset has every record of its collection in one series."""
        return dataset.group_by is None and not self._filters(dataset)

    def attribute(self, group: str | KeyedGroup) -> str:
        """The attribute that a grouping or a rule names."""
        if isinstance(group, KeyedGroup):
            if self.collection not in KEYED.get(group.key, ()):
                raise CannotCompileError(f"{self.collection} can't be grouped by {group.key!r}")
            return self._known(f"{group.key}:{group.value}")
        if group in ATTRIBUTES[self.collection]:
            return group
        # A retrospective has what its incident has.
        retrospective = self.collection == "incident_post_mortems"
        own = group.removeprefix("incidents.") if retrospective else group
        collection = "incidents" if own != group else self.collection
        kind, colon, _ = own.partition(":")
        if not colon or collection not in KEYED.get(kind, ()):
            raise CannotCompileError(f"{self.collection} have no attribute {group!r}")
        self._known(own)
        return group

    def _known(self, attribute: str) -> str:
        if self.keys is not None and attribute not in self.keys:
            kind, _, name = attribute.partition(":")
            raise CannotCompileError(f"the workspace has no {kind.replace('_', ' ')} {name!r}")
        return attribute

    def _filters(self, dataset: Dataset) -> list[str]:
        """The filter as one condition: rules and groups are joined from left to right, each by its own word."""
        groups = [
            (each.operation, condition)
            for each in dataset.filter or []
            if (condition := self._group(each)) is not None
        ]
        return [] if not groups else [_joined(groups)]

    def _group(self, group: Filter) -> str | None:
        rules = [(rule.operation, self._rule(rule)) for rule in group.rules if rule.key]
        return _joined(rules) if rules else None

    def _rule(self, rule: Rule) -> str:
        key = rule.key or ""
        if key in MEASURES[self.collection] and key != "results":
            return self._measure_rule(rule, key)
        if rule.condition in ("assigned", "unassigned"):
            attribute = self._assignable(rule, key)
        else:
            attribute = self.attribute(key)
        has = (
            f"EXISTS (SELECT 1 FROM {ATTRIBUTED} AS held WHERE held.collection = measures.collection "
            f"AND held.record_id = measures.record_id AND held.attribute = {literal(attribute)}"
        )
        value = _text(rule.value)
        match rule.condition:
            case "exists" | "assigned":
                return f"{has})"
            case "not_exists" | "unassigned":
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
                cast = "CAST(held.member AS DOUBLE PRECISION)"
                value = f"CASE WHEN held.member ~ {literal(_NUMBER)} THEN {cast} END"
                return f"{has} AND {value} {rule.condition} {number!r})"
            case _:
                raise CannotCompileError(f"the condition {rule.condition!r} is not known")

    def _assignable(self, rule: Rule, key: str) -> str:
        """What is assigned or not: `incident_role:<id or slug>`, the same as key and value, or the role alone.

        Rootly's document leaves the key of such a rule open, and its guide says that only roles can be
        assigned; fields are understood as well.
        """
        kind, colon, _ = key.removeprefix("incidents.").partition(":")
        if kind in KEYED:
            return self.attribute(key if colon else f"{key}:{_text(rule.value)}")
        if key in ATTRIBUTES[self.collection]:
            raise CannotCompileError(f"{key} is not a role, so nobody can be assigned to it or not")
        if self.collection not in KEYED["incident_role"]:
            raise CannotCompileError(f"{self.collection} have no roles that anybody is assigned to")
        return self.attribute(f"incident_role:{key}")

    def _measure_rule(self, rule: Rule, key: str) -> str:
        has = (
            f"EXISTS (SELECT 1 FROM {self.measured} AS held WHERE held.collection = measures.collection "
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
                raise CannotCompileError(
                    f"{key} is a number: {rule.condition!r} says nothing about it"
                )


def _number(rule: Rule) -> float:
    try:
        number = float(rule.value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number):
        raise CannotCompileError(
            f"{rule.key} {rule.condition} asks for a number, and {rule.value!r} is none"
        )
    return number


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
