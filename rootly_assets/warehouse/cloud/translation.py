"""Queries of report, dashboard and parity in a cloud warehouse's dialect.

sqlglot translates. What it would say otherwise than it is meant is said here: percentiles (exact, and
between two neighbours), seconds with their fraction, the first day of a period.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlglot.expressions as exp

# A percentile of {value}, where percentile_cont is no aggregate, or sqlglot would ask for an approximate one.
_PERCENTILES = {
    "bigquery": "(CAST({low} AS FLOAT64) + ({place} - FLOOR({place})) * ({high} - {low}))",
    "databricks": "PERCENTILE({value}, {fraction})",
}
_SORTED = "ARRAY_AGG({value} IGNORE NULLS ORDER BY {value})[SAFE_OFFSET(CAST({end} AS INT64))]"

# Seconds since 1970 of an instant.
_SECONDS = {
    "snowflake": "DATE_PART(EPOCH_MICROSECOND, {value}) / 1000000",
    "bigquery": "UNIX_MICROS({value}) / 1000000",
    "databricks": "UNIX_MICROS({value}) / 1000000",
}


@lru_cache(maxsize=512)
def translated(query: str, language: str) -> str:
    """A query in words that DuckDB and PostgreSQL share, in another dialect.

    Args:
        query: the SQL.
        language: snowflake, bigquery, redshift or databricks, as sqlglot names them.
    """
    import sqlglot
    import sqlglot.expressions as exp

    parsed = sqlglot.parse_one(query, dialect="postgres")
    if language == "redshift":
        _take_percentiles_apart(parsed)
    said: Mapping[Any, Callable[[Any, str], str | None]] = {
        exp.Extract: _seconds,
        exp.TimestampTrunc: _first_day,
        exp.SplitPart: _part,
        exp.WithinGroup: _percentile,
    }
    # From the inside out, so that what stands within is translated when its turn has come.
    for node in reversed(list(parsed.find_all(*said))):
        words = said[type(node)](node, language)
        if words is not None:
            node.replace(sqlglot.parse_one(words, dialect=language))
    return parsed.sql(dialect=language)


def _take_percentiles_apart(parsed: "exp.Expr") -> None:
    """Where a query has percentiles of several columns, each becomes a query of its own over the same rows.

    Raises:
        ValueError: the query has groups, which one value can't stand for.
    """
    import sqlglot.expressions as exp

    for select in list(parsed.find_all(exp.Select)):
        percentiles = [
            each
            for each in select.find_all(exp.WithinGroup)
            if each.find_ancestor(exp.Select) is select
        ]
        if len({each.expression for each in percentiles}) < 2:
            continue
        if select.args.get("group"):
            raise ValueError(f"Redshift has percentiles of one column a query: {select.sql()}")
        for each in percentiles:
            alone = select.copy().select(each.copy(), append=False)
            for name in set(alone.args).difference({"expressions", "from_", "joins", "where"}):
                alone.set(name, None)
            each.replace(alone.subquery())
        kept = (each.find_ancestor(exp.Select) for each in select.find_all(exp.AggFunc))
        if not any(each is select for each in kept):
            # Without an aggregate of its own it would have a row for each of theirs.
            for name in ("from_", "joins", "where"):
                select.set(name, None)


def _seconds(node: "exp.Extract", language: str) -> str | None:
    words = _SECONDS.get(language) if node.name.upper() == "EPOCH" else None
    return words and words.format(value=node.expression.sql(dialect=language))


def _first_day(node: "exp.TimestampTrunc", language: str) -> str | None:
    """BigQuery's weeks begin on Sunday; and all that is asked for is days."""
    if language != "bigquery":
        return None
    unit = node.text("unit").upper()
    day = f"CAST({node.this.sql(dialect=language)} AS DATE)"
    return f"DATE_TRUNC({day}, {'ISOWEEK' if unit == 'WEEK' else unit})"


def _part(node: "exp.SplitPart", language: str) -> str | None:
    if language != "bigquery":
        return None
    text, delimiter = (node.args[each].sql(dialect=language) for each in ("this", "delimiter"))
    return f"SPLIT({text}, {delimiter})[SAFE_ORDINAL({node.args['part_index'].sql()})]"


def _percentile(node: "exp.WithinGroup", language: str) -> str | None:
    if language not in _PERCENTILES:
        return None
    value = node.expression.expressions[0].this.sql(dialect=language)
    fraction = node.this.this.sql()
    place = f"({fraction} * (COUNT({value}) - 1))"
    low, high = (_SORTED.format(value=value, end=f"{end}({place})") for end in ("FLOOR", "CEIL"))
    return _PERCENTILES[language].format(
        value=value, fraction=fraction, place=place, low=low, high=high
    )
