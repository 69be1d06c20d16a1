"""The variables of dbt_project.yml: what the dbt project lets its users choose, and what can be meant."""

import json
from collections.abc import Iterator, Mapping
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
