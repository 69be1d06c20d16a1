"""What our models answer to a panel's datasets: cells, populations, and the same as of an earlier moment."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol

import msgspec

from rootly_assets.panels.compiler import compile_dataset, compile_population
from rootly_assets.panels.conditions import MEASURED, Window
from rootly_assets.panels.definition import Dataset
from rootly_assets.panels.vocabulary import WITHOUT_PERIODS
from rootly_assets.sql import instant, literal

Cell = tuple[str, str]
"""Series and label."""

Cells = dict[Cell, tuple[float | None, int]]
"""Value, and records behind it, by cell."""


class Connection(Protocol):
    """What is asked of a database: run a query, give its rows."""

    def execute(self, query: str, /) -> Any:
        """Run a query."""
        ...


@dataclass(frozen=True)
class Question:
    """A dataset of a panel, and where to ask it.

    Attributes:
        dataset: what is asked.
        display: how the panel shows it.
        title: the panel's title.
        window: span of time and periods.
        keys: the fields and roles that the workspace has; None where that is not checked.
        connection: a database with the intermediate models.
    """

    dataset: Dataset
    display: str
    title: str
    window: Window
    keys: Collection[str] | None
    connection: Connection

    @property
    def is_over_time(self) -> bool:
        """Whether its labels are periods."""
        return self.display not in WITHOUT_PERIODS

    @property
    def own_series(self) -> str | None:
        """The name of its only series; None where each member of a group is one."""
        grouped = bool(self.dataset.group_by) and self.display not in ("pie_chart", "table")
        return None if grouped else self.dataset.name or self.title

    def may_have(self, series: str) -> bool:
        """Whether a series of this name can come from it."""
        return self.own_series in (None, series)

    def cells(self, labels: Iterable[str] = (), *, measured: str = MEASURED) -> Cells:
        """The answer; where it runs on, with the total so far at `labels` that had no record.

        Args:
            labels: those that Rootly has.
            measured: the measures to look at.

        Raises:
            CannotCompileError: the dataset asks for what the tables don't have.
        """
        labels = frozenset(labels)
        query = compile_dataset(
            self.dataset,
            display=self.display,
            title=self.title,
            window=self.window,
            keys=self.keys,
            measured=measured,
            labels=labels,
        )
        rows = self.connection.execute(query).fetchall()
        found: Cells = {(series, label): (value, n) for series, label, value, n in rows}
        return _carried(found, labels) if self.dataset.runs_on(self.display) else found

    def cells_in(self, time_zone: str, labels: Iterable[str]) -> Cells:
        """The answer with periods cut in another zone."""
        window = replace(self.window, time_zone=time_zone)
        return replace(self, window=window).cells(labels)

    def cells_without(self, since: datetime, labels: Iterable[str]) -> Cells:
        """The answer of the records that did not change after an instant."""
        return self.cells(
            labels, measured=f"(SELECT * FROM {MEASURED} WHERE NOT ({_after(since)}))"
        )

    def cells_as_of(self, moment: datetime, labels: Iterable[str]) -> Cells:
        """The answer as far as was known at a moment: without later records and later milestones."""
        known = f"known_at <= {instant(moment)}"
        rate = "key = 'acknowledge_rate'"
        measured = (
            "(SELECT collection, record_id, record_name, measured_at, key, "
            f"CASE WHEN {rate} AND NOT coalesce({known}, false) THEN 0.0 ELSE value END AS value "
            f"FROM {MEASURED} WHERE recorded_at <= {instant(moment)} AND ({known} OR {rate}))"
        )
        return self.cells(labels, measured=measured)

    def population(self) -> int:
        """How many records it looks at, whether or not they have the measure."""
        dataset = self.dataset
        if dataset.collection != "users":
            dataset = msgspec.structs.replace(dataset, aggregate=None)
        query = compile_population(dataset, window=self.window, keys=self.keys)
        return _single(self.connection, f"SELECT count(*) FROM ({query}) AS looked_at")

    def changed(self, since: datetime) -> int:
        """How many records of the collection changed after an instant, whatever the filter says of them now."""
        return _single(
            self.connection,
            f"SELECT count(DISTINCT record_id) FROM {MEASURED} AS measures "
            f"WHERE {self._collections} AND ({_after(since)})",
        )

    def moments(self, since: datetime, *, most: int) -> list[datetime]:
        """When they changed, and the instant itself: the latest of these times."""
        times = " UNION ".join(
            f"SELECT extract(epoch FROM {column}) AS moment FROM {MEASURED} AS measures "
            f"WHERE {self._collections} AND {column} > {instant(since)}"
            for column in ("recorded_at", "changed_at", "known_at")
        )
        query = f"SELECT moment FROM ({times}) AS moments ORDER BY moment DESC LIMIT {most}"
        rows = self.connection.execute(query).fetchall()
        return [since, *(datetime.fromtimestamp(float(moment), UTC) for (moment,) in rows)]

    @property
    def _collections(self) -> str:
        names = {self.dataset.collection}
        if self.dataset.collection in ("incident_post_mortems", "users"):
            names.add("incidents")
        return f"measures.collection IN ({', '.join(map(literal, sorted(names)))})"


def _single(connection: Connection, query: str) -> int:
    ((number,),) = connection.execute(query).fetchall()
    return int(number)


def _after(since: datetime) -> str:
    """The condition that a measure, or its record, came or changed after an instant."""
    return " OR ".join(
        f"coalesce({column} > {instant(since)}, false)"
        for column in ("recorded_at", "changed_at", "known_at")
    )


def _carried(cells: Cells, labels: Iterable[str]) -> Cells:
    """The cells, and at each other label the value of the label before it."""
    wanted = sorted({*labels, *(label for _, label in cells)})
    carried: Cells = {}
    for series in {series for series, _ in cells}:
        last: tuple[float | None, int] | None = None
        for label in wanted:
            found = cells.get((series, label))
            last = last if found is None else found
            if last is not None:
                carried[series, label] = last
    return carried
