"""Our number beside Rootly's, for each panel, series and label, with the likely reason where they differ."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from rootly_assets.panels.answers import Cells, Connection, Question
from rootly_assets.panels.conditions import CannotCompileError, Window
from rootly_assets.panels.definition import parse_params, parse_series
from rootly_assets.panels.reasons import Asked, Reasons, same
from rootly_assets.panels.vocabulary import WITHOUT_PERIODS


@dataclass(frozen=True)
class Panel:
    """A panel as the warehouse holds it; see `stg_rootly__dashboard_panels` and `stg_rootly__dashboards`."""

    id: str
    dashboard: str
    title: str
    params: str | None
    data: str | None
    span: str | None
    period: str | None


@dataclass(frozen=True)
class Comparison:
    """One number of a panel.

    Attributes:
        panel_id: Rootly's id of the panel.
        dashboard: title of its dashboard.
        panel: its title.
        series: name of the series, numbered from the second one of the same name on; None where the panel
            could not be compared.
        label: first day of a period, a member, a record, or `value`.
        ours: what our models give; None where they give nothing.
        rootly: what Rootly computed; None where it gave nothing.
        n: records behind ours.
        agrees: whether both are the same; None where nothing could be compared.
        reason: why they likely differ, or why nothing could be compared.
    """

    panel_id: str
    dashboard: str
    panel: str
    series: str | None = None
    label: str | None = None
    ours: float | None = None
    rootly: float | None = None
    n: int | None = None
    agrees: bool | None = None
    reason: str | None = None


def compare(
    panel: Panel,
    connection: Connection,
    *,
    time_zone: str,
    keys: Collection[str] | None = None,
    asked: Asked | None = None,
) -> Iterator[Comparison]:
    """Every number of a panel, in order of series and label.

    Args:
        panel: its definition and Rootly's numbers.
        connection: a database with the intermediate models.
        time_zone: IANA name of the zone in which periods are cut.
        keys: the fields and roles that the workspace has, as `int_rootly__panel_keyed_attributes` names
            them; None to take the panel's word for it.
        asked: when Rootly was asked for these numbers, and for the records.
    """
    whole = Comparison(panel.id, panel.dashboard, panel.title)
    try:
        params = parse_params(panel.params)
        theirs = _theirs(panel)
        period = _period(panel.period, params.display)
        window = Window(*_span(panel.span), period, time_zone)
        questions = [
            Question(each, params.display, panel.title, window, keys, connection)
            for each in params.datasets
        ]
        answers = [question.cells(label for _, label in theirs) for question in questions]
    except (ValueError, CannotCompileError) as error:
        yield replace(whole, reason=f"not compared: {error}")
        return
    datasets = _datasets(questions, answers)
    series_of = {(dataset, series.name): series for series, dataset in datasets.items()}
    ours = {
        (series_of[dataset, name], label): answer
        for dataset, cells in enumerate(answers)
        for (name, label), answer in cells.items()
    }
    compared = sorted({*ours, *theirs}, key=lambda cell: (str(cell[0]), cell[1]))
    reasons = Reasons(questions, {label for _, label in compared}, asked or Asked())
    for series, label in compared:
        value, n = ours.get((series, label), (None, 0))
        number = theirs.get((series, label))
        agrees = same(value, number)
        yield replace(
            whole,
            series=str(series),
            label=label,
            ours=value,
            rootly=number,
            n=n,
            agrees=agrees,
            reason=None
            if agrees
            else reasons.of((series.name, label), value, number, dataset=datasets.get(series)),
        )


@dataclass(frozen=True)
class _Series:
    """A series of a panel: its name, and which one of this name it is, since datasets may share one."""

    name: str
    place: int

    def __str__(self) -> str:
        return f"{self.name} ({self.place})" if self.place > 1 else self.name


def _theirs(panel: Panel) -> dict[tuple[_Series, str], float | None]:
    """Rootly's numbers; it gives its series in the order of the datasets.

    Raises:
        ValueError: there are none, or they don't look like numbers.
    """
    if panel.data is None:
        raise ValueError(
            "Rootly's numbers are not in the table; those by person are kept out where "
            "ROOTLY_PERSONAL_DATA does not keep names"
        )
    numbers: dict[tuple[_Series, str], float | None] = {}
    seen: Counter[str] = Counter()
    for series in parse_series(panel.data):
        name = series.name or panel.title
        seen[name] += 1
        numbers.update(
            {(_Series(name, seen[name]), label): of for label, of in series.data.items()}
        )
    return numbers


def _datasets(questions: Sequence[Question], answers: Sequence[Cells]) -> dict[_Series, int]:
    """The dataset that each series is of; one without groups is a series even without a record."""
    found: dict[_Series, int] = {}
    seen: Counter[str] = Counter()
    for number, (question, cells) in enumerate(zip(questions, answers, strict=True)):
        own = question.own_series
        names = {own} if own is not None else {name for name, _ in cells}
        for name in names:
            seen[name] += 1
            found[_Series(name, seen[name])] = number
    return found


def _period(named: str | None, display: str) -> str:
    """By which period a panel counts; any where its display has none."""
    if named is None and display not in WITHOUT_PERIODS:
        raise ValueError("the dashboard does not say by which period it counts")
    return named or "day"


def _span(text: str | None) -> tuple[datetime, datetime]:
    """The first and the last instant of a dashboard's range, "<instant> to <instant>"."""
    since, found, until = (text or "").partition(" to ")
    if not found:
        raise ValueError("the dashboard does not say over which span of time it counts")
    first, last = datetime.fromisoformat(since.strip()), datetime.fromisoformat(until.strip())
    if first.tzinfo is None or last.tzinfo is None:
        raise ValueError(f"the dashboard's span of time {text!r} names no time zone")
    return first, last
