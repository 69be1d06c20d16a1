"""A panel's definition as the API gives it (`params`), read into types; and its numbers (`data`)."""

from typing import Any

import msgspec

from rootly_assets.panels.vocabulary import CUMULATIVE


class Rule(msgspec.Struct):
    """One condition of a filter; without a key it is a blank line of the editor, and filters nothing."""

    operation: str = "and"
    condition: str = "="
    key: str | None = None
    value: Any = None


class Filter(msgspec.Struct):
    """A group of rules, and how it joins the groups before it."""

    operation: str = "and"
    rules: list[Rule] = []


class KeyedGroup(msgspec.Struct):
    """What a dataset is grouped by where a name is not enough: custom_field, incident_role, alert_field."""

    key: str
    value: str | int | None = None


class Aggregate(msgspec.Struct):
    """What is done with the records: `operation` count, sum or average of the measure `key`."""

    operation: str = "count"
    key: str | None = None
    cumulative: bool | None = False


class Dataset(msgspec.Struct):
    """One question of a panel."""

    collection: str
    name: str | None = None
    filter: list[Filter] | None = None
    group_by: str | KeyedGroup | None = None
    aggregate: Aggregate | None = None

    @property
    def key(self) -> str:
        """The measure; records themselves, where none is named."""
        return (self.aggregate.key if self.aggregate else None) or "results"

    @property
    def operation(self) -> str:
        """What is done with it: count, where nothing is said."""
        return (self.aggregate.operation if self.aggregate else None) or "count"

    def runs_on(self, display: str) -> bool:
        """Whether each period has the total so far."""
        asked_for = self.aggregate is not None and bool(self.aggregate.cumulative)
        return asked_for and display in CUMULATIVE


class Params(msgspec.Struct):
    """What a panel asks, and how it shows the answer."""

    display: str = "line_chart"
    datasets: list[Dataset] = []


class Series(msgspec.Struct):
    """Numbers under one name: by first day of each period, by member, by record, or one named `value`."""

    name: str | None
    data: dict[str, float | None]


def parse_params(text: str | None) -> Params:
    """The definition in `params` of a panel.

    Raises:
        ValueError: it does not look like a panel's definition, or asks for nothing.
    """
    try:
        params = msgspec.json.decode(text or "{}", type=Params)
    except msgspec.DecodeError as error:
        raise ValueError(f"its definition can't be read: {error}") from error
    if not params.datasets:
        raise ValueError("its definition asks for nothing")
    return params


def parse_series(text: str | None) -> list[Series]:
    """The numbers in `data` of a panel; none where Rootly gave none.

    Raises:
        ValueError: they do not look like series.
    """
    try:
        return msgspec.json.decode(text or "[]", type=list[Series] | None) or []
    except msgspec.DecodeError as error:
        raise ValueError(f"its numbers can't be read: {error}") from error
