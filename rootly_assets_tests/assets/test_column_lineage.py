"""The lineage of columns is worked out once a model, and is what dagster-dbt works out column by column."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import dagster as dg
import duckdb
import pytest
from dagster_dbt.core import dbt_cli_event
from dbt.adapters.duckdb import DuckDBAdapter
from sqlglot import MappingSchema, exp
from sqlglot.optimizer import optimize

from rootly_assets.assets import column_lineage
from rootly_assets_tests.system.refreshed import Once

SOME = {"incidents": ["id", "started_at", "resolved_at"], "services": ["id", "name", "owner"]}
STATEMENTS = {
    "with a join": """
        WITH ended AS (SELECT id, resolved_at - started_at AS took FROM incidents)
        SELECT ended.id, ended.took, services.name, upper(services.owner) AS "Owner"
        FROM ended JOIN services ON services.id = ended.id""",
    "of all columns": "WITH every AS (SELECT * FROM incidents) SELECT *, 1 AS one FROM every",
    "of two together": "SELECT id, name FROM services UNION ALL SELECT id, started_at FROM incidents",
    "with a window": """
        SELECT id, row_number() OVER (PARTITION BY owner ORDER BY name) AS place
        FROM (SELECT id, name, owner FROM services) AS named""",
}


def leaves(column: str, sql: str, schema: MappingSchema) -> set[tuple[str, str]]:
    """The columns of tables that one comes from, as dagster-dbt looks for them."""
    walked: Any = dbt_cli_event.lineage(column=column, sql=sql, schema=schema, dialect="duckdb")
    return {
        (node.name, table.sql())
        for node in walked.walk()
        if not node.downstream and (table := node.expression.find(exp.Table))
    }


def found(sql: str, schema: MappingSchema) -> dict[str, set[tuple[str, str]]]:
    """The leaves of each column of a statement, asked for as dagster-dbt does."""
    statement = exp.maybe_parse(sql, dialect="duckdb")
    optimized = dbt_cli_event.optimize(statement, schema=schema, dialect="duckdb")
    written = optimized.sql(dialect="duckdb")
    return {column: leaves(column, written, schema) for column in optimized.named_selects}


def check(sql: str, schema: MappingSchema, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = found(sql, schema)
    assert any(alone.values())

    asked: list[str | None] = []

    def listening(column: str | None, *args: Any, **options: Any) -> Any:
        asked.append(column)
        return theirs(column, *args, **options)

    theirs = column_lineage.lineage
    monkeypatch.setattr(column_lineage, "lineage", listening)
    with column_lineage.once_a_model():
        assert found(sql, schema) == alone
    assert asked == [None]
    assert dbt_cli_event.lineage is theirs, "afterwards dagster-dbt has its own again"
    assert dbt_cli_event.optimize is optimize


@pytest.mark.parametrize("sql", STATEMENTS.values(), ids=STATEMENTS)
def test_it_is_that_of_each_column_alone(sql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    schema = MappingSchema(dialect="duckdb")
    for table, columns in SOME.items():
        schema.add_table(table, dict.fromkeys(columns, "TEXT"), dialect="duckdb")
    check(sql, schema, monkeypatch)


@pytest.mark.parametrize("mart", ["fct_alerts", "metrics_incident_handling", "metrics_recurrence"])
def test_it_is_that_of_each_column_of_a_mart(
    mart: str, on_duckdb: Once, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = MappingSchema(dialect="duckdb")
    with duckdb.connect(str(on_duckdb.folder / "warehouse.duckdb"), read_only=True) as connection:
        for table, columns in connection.execute("""
            SELECT concat_ws('.', database_name, schema_name, table_name), list([column_name, data_type])
            FROM duckdb_columns() WHERE schema_name NOT IN ('main', 'rootly') AND NOT internal GROUP BY ALL
        """).fetchall():
            schema.add_table(table, dict(columns), dialect="duckdb")
    (compiled,) = on_duckdb.folder.glob(f"dbt/build/compiled/**/{mart}.sql")
    check(compiled.read_text(), schema, monkeypatch)


@dataclass
class FailedBuild:
    """A build by dbt, of which only the tests are told, and which fails at last."""

    told: Sequence[dg.AssetCheckResult]
    adapter = DuckDBAdapter

    def stream(self) -> Iterator[dg.AssetCheckResult]:
        yield from self.told
        raise RuntimeError("a model failed")


def test_what_a_build_did_is_told_in_order_before_its_failure() -> None:
    results = [
        dg.AssetCheckResult(passed=True, asset_key="mart", check_name=name) for name in ("a", "b")
    ]
    told: list[Any] = []
    with pytest.raises(RuntimeError, match="a model failed"):
        told.extend(column_lineage.with_columns(cast("Any", FailedBuild(results))))
    assert told == results
