"""Compiles a dataset of a panel to one query over the intermediate models of panels, in standard SQL."""

from collections.abc import Collection, Sequence

from rootly_assets.panels.conditions import (
    AGGREGATES,
    ATTRIBUTED,
    MEASURED,
    CannotCompileError,
    Window,
    Words,
)
from rootly_assets.panels.definition import Dataset
from rootly_assets.panels.vocabulary import DISPLAYS, FROM_THE_ONE_BEFORE
from rootly_assets.sql import literal

MOST_TABLE_ROWS = 100


def compile_dataset(
    dataset: Dataset,
    *,
    display: str,
    title: str,
    window: Window,
    narrowed: Sequence[str] = (),
    keys: Collection[str] | None = None,
    measured: str = MEASURED,
    labels: Collection[str] = (),
) -> str:
    """The query that answers a dataset.

    Args:
        dataset: the question.
        display: how the panel shows it; decides over the labels.
        title: the panel's title, for a series without a name of its own.
        window: span of time and periods.
        narrowed: further conditions in SQL, on `measures.record_id`: the filters of a whole dashboard.
        keys: the fields and roles that the workspace has, as `int_rootly__panel_keyed_attributes` names
            them; None to take the panel's word for it.
        measured: the measures to look at, instead of all of them: a relation, or a query in brackets.
        labels: the rows of a table that Rootly shows. Of more than it shows, nobody knows which ones it leaves
            out: then these are answered, and no others.

    Returns:
        SQL with the columns `series`, `label` (text), `value` (double) and `n` (records behind it).

    Raises:
        CannotCompileError: the dataset asks for what the tables don't have.
    """
    if display not in DISPLAYS:
        raise CannotCompileError(f"the display {display!r} is not known here")
    words = Words.of(dataset, window, keys, measured)
    group = words.attribute(dataset.group_by) if dataset.group_by else None
    if words.key in FROM_THE_ONE_BEFORE and not words.looks_at_all(dataset):
        raise CannotCompileError(
            f"Rootly does not say whether {words.key} of some {words.collection} counts from the one before "
            "among these or among all"
        )
    series, label = _names(group, display=display, title=dataset.name or title, window=window)
    joined = (
        f" INNER JOIN {ATTRIBUTED} AS groups ON groups.collection = measures.collection"
        f" AND groups.record_id = measures.record_id AND groups.attribute = {literal(group)}"
        if group
        else ""
    )
    conditions = [*words.conditions(dataset, window), *narrowed]
    query = (
        f"SELECT {series} AS series, {label} AS label, "
        f"CAST({AGGREGATES[words.operation]} AS DOUBLE PRECISION) AS value, count(*) AS n "
        f"FROM {measured} AS measures{joined} WHERE {' AND '.join(conditions)} GROUP BY 1, 2"
    )
    if dataset.runs_on(display):
        if words.operation == "average":
            raise CannotCompileError("Rootly does not say what a cumulative average is")
        query = (
            "SELECT series, label, sum(value) OVER (PARTITION BY series ORDER BY label) AS value, "
            f"CAST(sum(n) OVER (PARTITION BY series ORDER BY label) AS BIGINT) AS n FROM ({query}) AS counted"
        )
    if display == "table" and len(labels) >= MOST_TABLE_ROWS:
        shown = ", ".join(map(literal, sorted(labels)))
        query = f"SELECT * FROM ({query}) AS counted WHERE label IN ({shown})"
    elif display == "table":
        query += f" ORDER BY value DESC NULLS LAST, label LIMIT {MOST_TABLE_ROWS}"
    return query


def compile_population(
    dataset: Dataset,
    *,
    window: Window,
    keys: Collection[str] | None = None,
) -> str:
    """The query for the records that a dataset looks at: their `record_id`s, whatever they are grouped by.

    Args:
        dataset: the question.
        window: span of time.
        keys: as for `compile_dataset`.

    Raises:
        CannotCompileError: the dataset asks for what the tables don't have.
    """
    words = Words.of(dataset, window, keys, MEASURED)
    conditions = " AND ".join(words.conditions(dataset, window))
    return f"SELECT DISTINCT measures.record_id FROM {MEASURED} AS measures WHERE {conditions}"


def _names(group: str | None, *, display: str, title: str, window: Window) -> tuple[str, str]:
    """The SQL of the series' name and of the label, as the display lays them out."""
    named = "groups.member" if group else literal(title)
    if display == "pie_chart":
        return literal(title), named
    if display == "aggregate_value":
        return named, "'value'"
    if display == "table":
        nameless = "coalesce(measures.record_name, measures.record_id)"
        return (literal(title), named) if group else (named, nameless)
    local = f"measures.measured_at AT TIME ZONE {literal(window.time_zone)}"
    first_day = f"CAST(date_trunc({literal(window.period)}, {local}) AS DATE)"
    return named, f"CAST({first_day} AS VARCHAR)"
