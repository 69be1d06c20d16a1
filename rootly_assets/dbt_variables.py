"""The variables of dbt_project.yml: what the dbt project lets its users choose, and what can be meant."""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

import yaml

# The sync writes there, wherever somebody would have the models read.
RAW_SCHEMA = "rootly_schema"
# A row of those that are lists of objects, as many as somebody likes.
ROWS: dict[str, dict[str, Any]] = {
    "rootly_hour_bands": {
        "days": "weekdays",
        "from": 0,
        "until": 9,
        "band": "night",
        "after_hours": True,
    }
}
# What those without a default are like.
EXAMPLES = {"rootly_hourly_cost": 120, **{name: [row] for name, row in ROWS.items()}}
# Presets that hours of one's own may stand beside: the one of them, and the default, which says nothing.
OWN = "own"
BESIDE_OWN = (OWN, "rootly")


def declared(project: Path) -> dict[str, Any]:
    """The variables of a project with their defaults, by name.

    Args:
        project: the folder of the dbt project.
    """
    said = yaml.safe_load((project / "dbt_project.yml").read_text(encoding="utf-8"))
    # dbt takes a variable of the project by its name from either place, the nearer one first.
    nearer = said["vars"].pop(said["name"], {})
    return said["vars"] | nearer


def wrong(given: Mapping[Any, Any], project: Path) -> Iterator[str]:
    """What is wrong with variables that somebody set, each in words.

    Args:
        given: the variables, by name.
        project: the folder of the dbt project, which declares them.
    """
    defaults = declared(project)
    for name, value in given.items():
        if name not in defaults:
            near = get_close_matches(str(name), defaults, n=1)
            meant = (
                f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(defaults))}"
            )
            yield f"{name} is not one of them ({meant})"
        elif name == RAW_SCHEMA:
            yield f"{name} is {defaults[name]}, where the sync writes, and stays so"
        elif not (
            _are_rows(value, ROWS[name]) if name in ROWS else _is_alike(value, defaults[name])
        ):
            example = json.dumps(EXAMPLES.get(name, defaults[name]))
            yield f"{name} is {value!r}, but should be like {example}"
        elif name in _CHECKS and (should := _CHECKS[name](value)):
            yield f"{name} is {value!r}, but {should}"
    if not {"rootly_hour_preset", "rootly_hour_bands"}.isdisjoint(given):
        chosen = {**defaults, **given}
        yield from _wrong_preset(chosen["rootly_hour_preset"], chosen["rootly_hour_bands"], project)


def _wrong_preset(preset: Any, bands: Any, project: Path) -> Iterator[str]:
    """The same as the macro `hour_preset`, of a preset and hours of one's own together."""
    presets = _presets(project)
    if preset not in (*presets, OWN):
        yield f"rootly_hour_preset is {preset!r}, but should be one of {', '.join((*presets, OWN))}"
    elif preset == OWN and not bands:
        yield "rootly_hour_preset is 'own', but rootly_hour_bands gives no hours"
    elif bands and preset not in BESIDE_OWN:
        yield (
            f"rootly_hour_preset is {preset!r}, but rootly_hour_bands gives hours of your own: write 'own' for "
            "the preset, or [] for the bands"
        )


def _presets(project: Path) -> Sequence[str]:
    """Those of the seed, where the macro has them from as well."""
    said = yaml.safe_load((project / "seeds" / "_rootly_hour_bands.yml").read_text("utf-8"))
    (seed,) = said["seeds"]
    (column,) = (each for each in seed["columns"] if each["name"] == "preset")
    return column["config"]["meta"]["presets"]


def _wrong_cost(value: float | None) -> str | None:
    return None if value is None or 0 <= value < math.inf else "should not be below 0"


def _wrong_day(value: object) -> str | None:
    with suppress(ValueError):
        if re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)) and date.fromisoformat(str(value)):
            return None
    return "should be a day, like 2018-06-01"


def _wrong_hours(value: Sequence[int]) -> str | None:
    return None if max(value) <= 24 else "should be hours from 0 to 24"


def _wrong_bands(rows: Sequence[Mapping[str, Any]]) -> str | None:
    """The same as the macro `own_hour_bands`, which is there for those who use dbt by hand."""
    for row in rows:
        if row["days"] not in ("weekdays", "weekends"):
            return "days should be weekdays or weekends"
        if not row["from"] < row["until"] <= 24:
            return (
                "from and until should be whole hours from 0 to 24, the earlier one first (a night is two "
                "rows)"
            )
        if not re.fullmatch(r"[^'\\\n\r]*\w[^'\\\n\r]*", row["band"]):
            return "band should be a name without quotes and backslashes"
    kinds = {(row["band"], row["after_hours"]) for row in rows}
    for band, after_hours in sorted(kinds):
        if (band, not after_hours) in kinds:
            return f"has the band {band} both within and after hours, but a band should be one of the two"
    for days in ("weekdays", "weekends") if rows else ():
        for hour in range(24):
            found = [
                str(row["band"])
                for row in rows
                if row["days"] == days and row["from"] <= hour < row["until"]
            ]
            if len(found) != 1:
                has = f"the bands {' and '.join(found)}" if found else "no band"
                return (
                    f"has {has} from {hour} to {hour + 1} on {days}, but should have one for each hour from 0 "
                    "to 24"
                )
    return None


# Of values that are of the right kind, what else is wrong with them.
_CHECKS: Mapping[str, Callable[[Any], str | None]] = {
    "rootly_hourly_cost": _wrong_cost,
    "rootly_earliest_start": _wrong_day,
    "rootly_night_hours": _wrong_hours,
    "rootly_hour_bands": _wrong_bands,
}


def _are_rows(value: Any, example: dict[str, Any]) -> bool:
    """Whether a value is a list of objects that have the members of an example, all of them; or of none."""
    return type(value) is list and all(
        isinstance(row, dict) and row.keys() == example.keys() and _is_alike(row, example)
        for row in cast("list[Any]", value)
    )


def _is_alike(value: Any, default: Any) -> bool:
    """Whether a value is of the kind of a default; where there is none, a number or null."""
    kind = cast("Any", type(default))
    if default is None:
        return value is None or type(value) in (int, float)
    if kind is str:
        return isinstance(value, (str, date))
    if kind is int:
        return type(value) is int and value >= 0
    if kind is bool:
        return type(value) is bool
    if type(value) is not kind or not value:
        return False
    if kind is dict:
        return all(
            name in default and _is_alike(each, default[name]) for name, each in value.items()
        )
    # Words are as many as somebody likes; of numbers each has its place.
    if type(default[0]) is str:
        return all(_is_alike(each, default[0]) for each in value)
    return len(value) == len(default) and all(map(_is_alike, value, default))
