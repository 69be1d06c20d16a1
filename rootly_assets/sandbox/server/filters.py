"""Which rows of a list a request asks for: `filter[…]`, as far as the list knows the filter."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import ge, gt, le, lt
from typing import Any, cast

from rootly_assets.sandbox.lists import ListEndpoint
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.server.query import Query, read_time

Test = Callable[[Record], bool]

_TIMES: dict[str, Callable[[datetime, datetime], bool]] = {"gt": gt, "gte": ge, "lt": lt, "lte": le}
_SEARCHED = ("name", "title", "summary", "full_name", "email", "slug")
_NAMED_OTHERWISE = {
    "teams": "groups",
    "team": "groups",
    "types": "incident_types",
    "type": "incident_types",
}


@dataclass(frozen=True, slots=True)
class Bound:
    """A time that an attribute of the rows has to be before or after, or at.

    Attributes:
        name: the attribute.
        operator: `gt`, `gte`, `lt` or `lte`.
        when: the time.
    """

    name: str
    operator: str
    when: datetime

    def __call__(self, record: Record) -> bool:
        """Whether a record is on the right side of it; one without the time is not."""
        when = instant(record, self.name)
        return when is not None and _TIMES[self.operator](when, self.when)


def bounds(endpoint: ListEndpoint, query: Query) -> list[Bound]:
    """The times of the request that the list can be filtered by. Others are ignored.

    RefusedError (400) where one of them cannot be read.
    """
    return [
        Bound(name, operator, read_time(value, f"filter[{name}][{operator}]"))
        for name, operator, value in query.filters()
        if operator in _TIMES and name in endpoint.times
    ]


def tests(endpoint: ListEndpoint, query: Query) -> Iterator[Test]:
    """One test for each filter of the request that the list knows, but for times."""
    for name, operator, value in query.filters():
        if operator in _TIMES:
            continue
        if operator is None:
            if name in endpoint.filters:
                yield _search_test(value) if name == "search" else _value_test(name, value)
        elif name in endpoint.operators and operator in ("eq", "in"):
            yield _value_test(name, value)
        elif name in endpoint.operators and operator in ("not_eq", "not_in"):
            yield _not(_value_test(name, value))


def instant(record: Record, name: str) -> datetime | None:
    """A time attribute as an instant, None where it is null or no time."""
    text = record.attributes.get(name)
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _search_test(value: str) -> Test:
    wanted = value.casefold()
    return lambda record: any(
        wanted in str(record.attributes.get(name) or "").casefold() for name in _SEARCHED
    )


def _value_test(name: str, value: str) -> Test:
    wanted = {word.strip() for word in value.split(",")}
    return lambda record: not wanted.isdisjoint(_values(record, name))


def _not(test: Test) -> Test:
    return lambda record: not test(record)


def _values(record: Record, name: str) -> set[str]:
    """Everything by which a filter may name an attribute: value, or id, slug and name of each."""
    attributes = record.attributes
    if name in attributes:
        return set(_words(attributes[name]))
    stem = name.removesuffix("_ids").removesuffix("_names").removesuffix("_id")
    found: set[str] = set()
    for candidate in (stem, f"{stem}s", f"{stem[:-1]}ies", _NAMED_OTHERWISE.get(stem, stem)):
        found.update(_words(attributes.get(candidate)))
        found.update(ref["id"] for ref in record.links.get(candidate, ()))
        found.update(attributes.get(f"{candidate.removesuffix('s')}_ids") or ())
    return found


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in cast(list[Any], value):
            yield from _words(item)
    elif isinstance(value, dict):
        resource = cast(dict[str, Any], value)
        inner: dict[str, Any] = resource.get("data") or resource
        attributes: dict[str, Any] = inner.get("attributes") or inner
        if "key" in attributes and "value" in attributes:
            yield f"{attributes['key']}:{attributes['value']}"
        yield from (str(inner[key]) for key in ("id",) if key in inner)
        yield from (
            str(attributes[key]) for key in ("slug", "name", "severity") if attributes.get(key)
        )
    elif isinstance(value, bool):
        yield "true" if value else "false"
    elif value is not None:
        yield str(value)
