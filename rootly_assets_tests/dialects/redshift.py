"""What Redshift refuses, though its dialect can say it."""

from sqlglot import exp


def percentiles_of_several_columns(parsed: exp.Expr) -> list[str]:
    """The queries, subqueries among them, that ask for percentiles in more than one order."""
    return [
        select.sql()
        for select in parsed.find_all(exp.Select)
        if len({each.expression for each in _percentiles(select)}) > 1
    ]


def _percentiles(select: exp.Select) -> list[exp.WithinGroup]:
    found = select.find_all(exp.WithinGroup)
    return [each for each in found if each.find_ancestor(exp.Select) is select]
