"""Why a number of ours differs from Rootly's: only what the rows bear out, else that it is unexplained."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from rootly_assets.panels.answers import Cell, Cells, Question
from rootly_assets.panels.vocabulary import UNDOCUMENTED

MOST_RECORDS = 10_000
"""Rootly's panels look at no more records than this."""

OLDEST = timedelta(minutes=20)
"""So old can Rootly's numbers be when it gives them, by its own guide."""

_MOST_MOMENTS = 24


def same(ours: float | None, theirs: float | None) -> bool:
    """Nothing and zero are the same: a chart that leaves out an empty period shows no other number."""
    return math.isclose(ours or 0.0, theirs or 0.0, rel_tol=1e-9, abs_tol=1e-6)


@dataclass(frozen=True)
class Asked:
    """When Rootly was asked.

    Attributes:
        panels: for the numbers of the panel, by its own clock; None where nobody knows.
        records: for the records of each collection, likewise.
    """

    panels: datetime | None = None
    records: Mapping[str, datetime] | None = None


class Reasons:
    """The reasons for the numbers of a panel that differ; what they rest on is asked for once.

    Args:
        questions: the panel's datasets.
        labels: all that either side has, for totals that run on.
        asked: when Rootly was asked.
    """

    def __init__(
        self, questions: Sequence[Question], labels: Collection[str], asked: Asked
    ) -> None:
        self._evidence = [_Evidence(each, labels, asked) for each in questions]

    def of(
        self, cell: Cell, ours: float | None, theirs: float | None, *, dataset: int | None
    ) -> str:
        """The first reason that holds.

        Args:
            cell: series and label.
            ours: our number, None for none.
            theirs: Rootly's.
            dataset: which of the panel's datasets the series is of; None where none of them gives one.
        """
        if dataset is None:
            looked_at = [each for each in self._evidence if each.question.may_have(cell[0])]
        else:
            looked_at = [self._evidence[dataset]]
        for each in looked_at:
            reason = (
                each.cache_age(cell, theirs)
                or each.record_cap(ours, theirs)
                or each.time_zone(cell, theirs)
                or each.undocumented_key()
            )
            if reason:
                return reason
        facts = [fact for each in looked_at[:1] for fact in each.ruled_out()]
        return ": ".join(["unexplained", *(["; ".join(facts)] if facts else [])])


class _Evidence:
    """What the rows say about one dataset."""

    def __init__(self, question: Question, labels: Collection[str], asked: Asked) -> None:
        self.question = question
        self._labels = labels
        self._asked = asked

    def cache_age(self, cell: Cell, theirs: float | None) -> str | None:
        """Records changed since Rootly may have computed its number, and they can make up the difference."""
        if not self._changed:
            return None
        told = f"cache age: {_records(self._changed)} changed after {self._since:%H:%M} UTC"
        for moment, cells in self._earlier:
            if same(_value(cells, cell), theirs):
                return f"{told}; as of {moment:%H:%M:%S} ours is the same"
        if same(_value(self._unchanged, cell), theirs):
            return f"{told}; without them ours is the same"
        least = _value(self._unchanged, cell) or 0.0
        if (
            self.question.dataset.operation == "count"
            and least <= (theirs or 0.0) <= least + self._changed
        ):
            return f"{told}, no fewer than the difference"
        return None

    def record_cap(self, ours: float | None, theirs: float | None) -> str | None:
        """There are more records than Rootly looks at, and a count or sum of it is not above ours."""
        is_mean = self.question.dataset.operation == "average"
        more = (theirs or 0.0) > (ours or 0.0)
        if self._population <= MOST_RECORDS or (more and not is_mean):
            return None
        told = (
            f"record cap: Rootly's panels look at {MOST_RECORDS:,} records at most, "
            f"and here are {self._population:,}"
        )
        # Nobody knows which ones it leaves out.
        return f"{told}, whose mean may be another" if is_mean else told

    def time_zone(self, cell: Cell, theirs: float | None) -> str | None:
        """Periods cut by the offset of the dashboard's own range give Rootly's number."""
        for offset, cells in self._elsewhere:
            if same(_value(cells, cell), theirs):
                return (
                    f"time zone: periods are cut in {self.question.window.time_zone} here, and agree when cut "
                    f"at UTC{offset}, as the dashboard's range is; ROOTLY_TIME_ZONE should name that zone"
                )
        return None

    def undocumented_key(self) -> str | None:
        """Rootly does not say what the measure is."""
        if self.question.dataset.key not in UNDOCUMENTED:
            return None
        return f"undocumented key: Rootly does not say how it computes {self.question.dataset.key}"

    def ruled_out(self) -> list[str]:
        """What was looked at and explains nothing."""
        collection, asked = self.question.dataset.collection, self._asked
        if self._since is None:
            return ["nobody knows when Rootly was asked for its number"]
        does = ", which does not account for it" if self._changed else ""
        facts = [f"{_records(self._changed)} changed after {self._since:%H:%M} UTC{does}"]
        read = (asked.records or {}).get(collection)
        if read and asked.panels and read < asked.panels:
            facts.append(
                f"{collection} were read at {read:%H:%M:%S} and Rootly's number at {asked.panels:%H:%M:%S}: "
                "a change in between is not here yet"
            )
        return facts

    @property
    def _since(self) -> datetime | None:
        return self._asked.panels - OLDEST if self._asked.panels else None

    @cached_property
    def _changed(self) -> int:
        return self.question.changed(self._since) if self._since else 0

    @cached_property
    def _earlier(self) -> list[tuple[datetime, Cells]]:
        assert self._since is not None
        moments = self.question.moments(self._since, most=_MOST_MOMENTS)
        return [(each, self.question.cells_as_of(each, self._labels)) for each in moments]

    @cached_property
    def _unchanged(self) -> Cells:
        assert self._since is not None
        return self.question.cells_without(self._since, self._labels)

    @cached_property
    def _population(self) -> int:
        return self.question.population()

    @cached_property
    def _elsewhere(self) -> list[tuple[str, Cells]]:
        window = self.question.window
        found: dict[str, Cells] = {}
        for moment in (window.since, window.until):
            if moment is None or not self.question.is_over_time:
                continue
            theirs = moment.utcoffset()
            if (
                theirs is None
                or theirs == moment.astimezone(ZoneInfo(window.time_zone)).utcoffset()
            ):
                continue
            hours, rest = divmod(theirs, timedelta(hours=1))
            # Only these have a name that every database knows, and it has the sign of the other direction.
            if not rest:
                found[f"{hours:+03d}:00"] = self.question.cells_in(
                    f"Etc/GMT{-hours:+d}" if hours else "Etc/UTC", self._labels
                )
        return list(found.items())


def _value(cells: Cells, cell: Cell) -> float | None:
    return cells.get(cell, (None, 0))[0]


def _records(count: int) -> str:
    return {0: "no record", 1: "one record"}.get(count, f"{count:,} records")
