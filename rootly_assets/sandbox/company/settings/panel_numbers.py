"""The numbers of a panel, worked out from what its definition asks and what the workspace holds.

Labels are the first day of each period for charts over time, names for pies and tables, and `value` for single
numbers. Nothing here is SQL, and nothing is shared with those who compare their own numbers with these.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any

from rootly_assets.sandbox.company.settings.samples import MEASURES, Sample
from rootly_assets.sandbox.workspace import TIME_ZONE

# Rootly documents both limits.
MOST_RECORDS = 10_000
TABLE_ROWS = 100

RUNNING = ("line_chart", "line_stepped_chart", "column_chart", "stacked_column_chart")
KINDS = ("custom_field", "incident_role", "alert_field")
NUMBER = re.compile(r"[+-]?[0-9]{1,100}(\.[0-9]{0,100})?([eE][+-]?[0-9]{1,2})?")


@dataclass(frozen=True)
class Range:
    """What a dashboard shows: the first and last instant, and the period that its charts are cut by."""

    since: datetime
    until: datetime
    period: str


def numbers(
    params: dict[str, Any], title: str, samples: dict[str, list[Sample]], shown: Range
) -> list[dict[str, Any]]:
    """`data` of a panel: a list of series, `{"name", "data": {label: value}}`.

    Args:
        params: the panel's definition, as the API has it.
        title: the panel's own name.
        samples: what there is to look at, by collection, in order of time.
        shown: span of time and period.
    """
    return [
        {"name": name, "data": data}
        for dataset in params["datasets"]
        for name, data in _series(
            dataset, params["display"], dataset["name"] or title, samples, shown
        )
    ]


def _series(
    dataset: dict[str, Any],
    display: str,
    title: str,
    samples: dict[str, list[Sample]],
    shown: Range,
) -> Iterator[tuple[str, dict[str, float]]]:
    aggregate: dict[str, Any] = dataset["aggregate"] or {}
    operation, key = aggregate.get("operation") or "count", aggregate.get("key") or "results"
    looked_at = [
        sample
        for sample in samples[dataset["collection"]]
        if shown.since <= sample.at <= shown.until and _passes(sample, dataset["filter"] or [])
    ][-MOST_RECORDS:]
    cells: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for sample in (each for each in looked_at if key in each.values):
        for group in _groups(dataset["group_by"], title, sample):
            if display == "pie_chart" or (display == "table" and dataset["group_by"]):
                cells[title][group].append(sample.values[key])
            else:
                label = _label(display, sample, shown.period)
                cells[group][label].append(sample.values[key])
    for name, labelled in sorted(cells.items()):
        found = {label: _together(operation, values) for label, values in labelled.items()}
        if display == "table":
            most = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
            yield name, dict(most[:TABLE_ROWS])
        elif aggregate.get("cumulative") and display in RUNNING:
            yield name, _running(found, shown)
        else:
            yield name, dict(sorted(found.items()))


def _together(operation: str, values: list[float]) -> float:
    if operation == "count":
        return float(len(values))
    return sum(values) / len(values) if operation == "average" else sum(values)


def _running(found: dict[str, float], shown: Range) -> dict[str, float]:
    """The total so far in every period of the range, quiet ones included."""
    day, labels = shown.since.astimezone(TIME_ZONE).date(), list[str]()
    while day <= shown.until.astimezone(TIME_ZONE).date():
        labels.append(_first_day(day, shown.period).isoformat())
        day += timedelta(days=1)
    labels = list(dict.fromkeys(labels))
    totals = accumulate(found.get(label, 0.0) for label in labels)
    return dict(zip(labels, totals, strict=True))


def _groups(group_by: Any, title: str, sample: Sample) -> list[str]:
    if not group_by:
        return [title]
    if isinstance(group_by, dict):
        group_by = f"{group_by['key']}:{group_by['value']}"
    return sample.facets.get(group_by, [])


def _label(display: str, sample: Sample, period: str) -> str:
    if display == "aggregate_value":
        return "value"
    if display == "table":
        return sample.name
    return _first_day(sample.at.astimezone(TIME_ZONE).date(), period).isoformat()


def _first_day(day: date, period: str) -> date:
    match period:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case "year":
            return day.replace(month=1, day=1)
        case _:
            return day


def _passes(sample: Sample, groups: list[dict[str, Any]]) -> bool:
    """Groups, and the rules in them, are taken in their order, each joined to what came before by its word."""
    answers = [
        (group["operation"], _joined((rule["operation"], _holds(sample, rule)) for rule in rules))
        for group in groups
        if (rules := [rule for rule in group["rules"] if rule.get("key")])
    ]
    return _joined(answers) if answers else True


def _joined(answers: Iterable[tuple[str, bool]]) -> bool:
    so_far: bool | None = None
    for word, answer in answers:
        if so_far is None:
            so_far = answer
        else:
            so_far = (so_far or answer) if word == "or" else (so_far and answer)
    return bool(so_far)


def _holds(sample: Sample, rule: dict[str, Any]) -> bool:
    key, condition = rule["key"], rule["condition"]
    value: Any = rule.get("value")
    if key in MEASURES and key != "results":
        held = [sample.values[key]] if key in sample.values else []
        if condition in ("=", "!="):
            return (held == [float(value)]) == (condition == "=")
        return _compares(condition, held, value)
    if condition in ("assigned", "unassigned"):
        if key in KINDS:
            key = f"{key}:{value}"
        elif key.partition(":")[0] not in KINDS:
            key = f"incident_role:{key}"
        return bool(sample.facets.get(key)) == (condition == "assigned")
    members = sample.facets.get(key, [])
    text = "" if value is None else str(value)
    match condition:
        case "=":
            return text in members
        case "!=":
            return text not in members
        case "contains":
            return any(text.lower() in member.lower() for member in members)
        case "not_contains":
            return not any(text.lower() in member.lower() for member in members)
        case _:
            said = [float(member) for member in members if NUMBER.fullmatch(member)]
            return _compares(condition, members if "exists" in condition else said, value)


def _compares(condition: str, held: list[Any], value: Any) -> bool:
    match condition:
        case "exists":
            return bool(held)
        case "not_exists":
            return not held
        case ">=":
            return any(number >= float(value) for number in held)
        case "<=":
            return any(number <= float(value) for number in held)
        case _:
            raise ValueError(f"no condition of a panel's rule: {condition!r}")
