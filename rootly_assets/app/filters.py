"""What the dashboard is narrowed to: days, team, service, severity; as conditions in SQL."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from rootly_assets.panels.conditions import ATTRIBUTED, Window
from rootly_assets.queries.clocks import Clocks
from rootly_assets.queries.periods import first_day_of
from rootly_assets.queries.populations import reaches_back_to
from rootly_assets.reader import Dataset
from rootly_assets.sql import instant, literal

RANGES = {
    "Last 7 days": 7,
    "Last 30 days": 30,
    "Last 90 days": 90,
    "Last 180 days": 180,
    "Last 365 days": 365,
    "All time": None,
}
PERIODS = {"By day": "day", "By week": "week", "By month": "month", "By quarter": "quarter"}

DIMENSIONS = {"team": "teams", "service": "services", "severity": "severity"}
"""The filters, and the attribute of a record that each looks at."""

# How records of each collection lead to those that have the attributes; {id} is the id of the record.
_VIA = {
    "incidents": ("incidents", "{id}"),
    "alerts": ("alerts", "{id}"),
    "users": ("incidents", "split_part({id}, '/', 1)"),
    "incident_post_mortems": (
        "incidents",
        "(SELECT max(incident_id) FROM staging.stg_rootly__incident_post_mortems "
        "WHERE post_mortem_id = {id})",
    ),
    "incident_action_items": (
        "incidents",
        "(SELECT max(incident_id) FROM staging.stg_rootly__incident_action_items "
        "WHERE action_item_id = {id})",
    ),
}


@dataclass(frozen=True)
class Filters:
    """What is shown.

    Attributes:
        until: the last sync, up to which everything is known and shown: what begins later is mistyped; None
            before the first one.
        days: how far back from there; None for all time.
        period: day, week, month or quarter: what trends are cut into.
        time_zone: IANA name of the zone in which they are cut.
        team: name of a team; None for all.
        service: name of a service; None for all.
        severity: name of a severity; None for all. Alerts have none, and are not narrowed by it.
        clocks: the last sync of each list; None where `until` stands for all of them.
    """

    until: datetime | None
    days: int | None
    period: str
    time_zone: str
    team: str | None = None
    service: str | None = None
    severity: str | None = None
    clocks: Clocks | None = None

    def by_clock_of(self, table: str) -> "Filters":
        """The same up to when Rootly was last asked for a list: incidents that lag behind hide no alerts."""
        return self if self.clocks is None else replace(self, until=self.clocks.of(table))

    def none_of(self, table: str) -> str:
        """What is said where there is nothing to show of a list: none, or unknown where it was never read."""
        if self.were_read(table):
            return "None."
        return f"Not known: {table.replace('_', ' ')} were never read."

    def were_read(self, table: str) -> bool:
        """Whether a list was ever read; so it is taken to be where nothing is known of clocks."""
        return self.clocks is None or self.clocks.were_read(table)

    @property
    def since(self) -> datetime | None:
        """First instant that is shown; None for no bound."""
        if self.until is None or self.days is None:
            return None
        return self.until - timedelta(days=self.days)

    @property
    def today(self) -> date | None:
        """The day of the last sync, where days are cut; None before the first one."""
        return None if self.until is None else self._day_of(self.until)

    @property
    def window(self) -> Window:
        """The span as the compiler of panels takes it."""
        return Window(self.since, self.until, self.period, self.time_zone)

    @property
    def since_day(self) -> date | None:
        """The day of the first instant that is shown, where days are cut; None for no bound."""
        return None if self.since is None else self._day_of(self.since)

    def first_day(self, *, earlier: int = 0) -> date | None:
        """The first day of the period in which the span begins, since trends show it whole; None for no bound.

        Args:
            earlier: how many periods before that one.
        """
        if self.since_day is None:
            return None
        return first_day_of(self.period, self.since_day, earlier=earlier)

    def before(self, dataset: Dataset, *, records: str) -> Window | None:
        """As many days again before the span, to compare with; None without a bound or records of them.

        Args:
            dataset: where to read.
            records: incidents or alerts.

        Raises:
            DatasetError: the warehouse can't be read, or the models are not built.
        """
        if self.since is None or self.days is None:
            return None
        since = self.since - timedelta(days=self.days)
        if not reaches_back_to(dataset, instant(since), records=records):
            return None
        return Window(since, self.since, self.period, self.time_zone)

    def conditions(self, collection: str, record_id: str) -> list[str]:
        """SQL conditions for team, service and severity.

        Args:
            collection: what the records are: a collection of panels.
            record_id: SQL of a record's id, with its table's name: conditions look into other tables that have
                columns of the same names.
        """
        held_by, record = _VIA[collection]
        return [
            f"EXISTS (SELECT 1 FROM {ATTRIBUTED} AS narrowed WHERE narrowed.collection = '{held_by}' "
            f"AND narrowed.record_id = {record.format(id=record_id)} "
            f"AND narrowed.attribute = '{attribute}' AND narrowed.member = {literal(member)})"
            for name, attribute in DIMENSIONS.items()
            if (member := getattr(self, name)) is not None
            and not (held_by == "alerts" and name == "severity")
        ]

    def where(self, collection: str, record_id: str) -> str:
        """All of it as one SQL condition on a table, to the instant.

        Args:
            collection: what its rows are: a collection of panels.
            record_id: SQL of the record's id, as above; `started_at` places it in time.
        """
        span: list[str] = []
        if self.since is not None:
            span.append(f"started_at >= {instant(self.since)}")
        if self.until is not None:
            span.append(f"started_at <= {instant(self.until)}")
        return " AND ".join([*span, *self.conditions(collection, record_id)]) or "true"

    def where_whole(
        self, collection: str, record_id: str, *, day: str = "started_on", earlier: int = 0
    ) -> str:
        """The same for trends: from the first day of the period in which the span begins.

        Args:
            collection: what its rows are: a collection of panels.
            record_id: SQL of the record's id.
            day: SQL of the day that places it in time.
            earlier: how many periods more, for figures of several periods together.
        """
        span: list[str] = []
        if (first := self.first_day(earlier=earlier)) is not None:
            span.append(f"{day} >= DATE '{first}'")
        if self.today is not None:
            span.append(f"{day} <= DATE '{self.today}'")
        return " AND ".join([*span, *self.conditions(collection, record_id)]) or "true"

    def _day_of(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.time_zone)).date()

    def period_of(self, day: str) -> str:
        """SQL of the first day of the period that a day lies in."""
        return f"CAST(date_trunc('{self.period}', {day}) AS DATE)"


def choices(dataset: Dataset) -> dict[str, list[str]]:
    """The members that each filter offers, by name of the filter; those that any record has.

    Raises:
        DatasetError: the warehouse can't be read, or the models are not built.
    """
    rows = dataset.portable(
        f"SELECT DISTINCT attribute, member FROM {ATTRIBUTED} "
        "WHERE attribute IN ('teams', 'services', 'severity') ORDER BY attribute, member"
    ).records()
    return {
        name: [row["member"] for row in rows if row["attribute"] == attribute]
        for name, attribute in DIMENSIONS.items()
    }
