"""Every statement that loading makes is read by an independent parser in the dialect it is meant for.

BigQuery and Databricks have nothing that could run them here, so what is sent is written down instead of sent.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
import sqlglot
from sqlglot import exp

from rootly_assets.catalogue import ColumnType, Parent
from rootly_assets.sync.batch import Batch
from rootly_assets.sync.planning.plan import Window
from rootly_assets.sync.shaping.columns import RELATIONSHIPS, RESCUED
from rootly_assets.sync.state import TableState
from rootly_assets.warehouse.cloud.bigquery import BigQueryWarehouse
from rootly_assets.warehouse.cloud.databricks import DatabricksWarehouse
from rootly_assets.warehouse.cloud.dialect import Dialect
from rootly_assets.warehouse.cloud.merge import absent, apply, changes
from rootly_assets.warehouse.cloud.redshift import RedshiftWarehouse
from rootly_assets.warehouse.cloud.session import Session
from rootly_assets.warehouse.cloud.snowflake import SnowflakeWarehouse
from rootly_assets.warehouse.cloud.stage import Staged
from rootly_assets.warehouse.cloud.state_table import read_states, write_state
from rootly_assets.warehouse.cloud.tables import add_column, prepare_tables
from rootly_assets.warehouse.cloud.warehouse import CloudWarehouse
from rootly_assets.warehouse.lookups import Lookups
from rootly_assets_tests.warehouse.table import THINGS

pytestmark = pytest.mark.exhaustive

NOW = datetime(2026, 3, 1, tzinfo=UTC)
NESTED = msgspec.structs.replace(THINGS, parent=Parent(table="boxes", parameter="box_id"))

CLOUDS: dict[str, CloudWarehouse] = {
    "snowflake": SnowflakeWarehouse(
        account="a", user="u", password="p", warehouse="w", database="d"
    ),
    "bigquery": BigQueryWarehouse(project="p"),
    "redshift": RedshiftWarehouse(host="h", database="d", user="u", password="p"),
    "databricks": DatabricksWarehouse(host="h", http_path="/sql", token="t"),
}


class Written(Session):
    """A session that writes down what it would send, to a warehouse that has these columns."""

    def __init__(self, warehouse: CloudWarehouse, columns: list[tuple[str, str, str]]) -> None:
        self.dialect = warehouse.dialect()
        self.schema = "rootly_stage_1"
        self.statements: list[str] = []
        self.present = columns
        self._stages = 0
        self._has_schema = False

    def run(self, statement: str) -> None:
        self.statements.append(statement)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        self.statements.append(query)
        return list(self.present) if query == self.dialect.columns else []

    @contextmanager
    def transaction(self) -> Iterator[None]:
        yield


@pytest.fixture(params=sorted(CLOUDS))
def cloud(request: pytest.FixtureRequest) -> str:
    return request.param


class Asked(Lookups):
    """The questions about rows that are there, written down."""

    def __init__(self, session: Written) -> None:
        self.session = session

    def spelling(self) -> Dialect:
        return self.session.dialect

    def answer(self, query: str) -> list[tuple[Any, ...]]:
        return self.session.rows(query)


def batch(**of: Any) -> Batch:
    landing: Any = None
    return Batch(
        **{
            "endpoint": THINGS,
            "landing": landing,
            "sees_all": False,
            "state": TableState(table_name="it's", watermark=NOW, loaded_at=NOW, run_id="a \\ b"),
            **of,
        }
    )


def statements(cloud: str) -> list[str]:
    """Everything that is sent while tables are made, widened, filled in every way, and remembered."""
    session = Written(CLOUDS[cloud], [])
    prepare_tables(session, [THINGS, NESTED], "256MB")
    add_column(session, "things", "a surprise", ColumnType.JSON)
    columns = {
        "id": ColumnType.TEXT,
        **THINGS.columns,
        "created_at": ColumnType.TIMESTAMP,
        **dict.fromkeys((RELATIONSHIPS, RESCUED), ColumnType.JSON),
    }
    names = {name: session.dialect.name(f"c{at}") for at, name in enumerate(columns)}
    for table in (session.dialect.table("t1", session.schema), None):
        staged = Staged(
            table=table, names=names, columns=columns, undeclared=(), received=1, rescued=0
        )
        for each in (
            batch(),
            batch(sees_all=True),
            batch(window=Window(start=NOW, end=NOW, created=True), only_marks=True),
            batch(window=Window(start=NOW, end=NOW)),
            batch(endpoint=NESTED, parents=("1", "it's two")),
            batch(endpoint=msgspec.structs.replace(THINGS, keeps_vanished=False), sees_all=True),
        ):
            if each.only_marks:
                absent(session, each, staged)
            if found := changes(session, each, staged):
                apply(session, each, staged, found[0])
            write_state(session, each.state)
    read_states(session)
    asked = Asked(session)
    asked.parents("things", None)
    asked.parents("things", NOW)
    asked.within("things", "created_at", NOW, None)
    asked.children(NESTED, ["1", "it's two"])
    asked.orphaned(NESTED)
    asked.childless(NESTED)
    return session.statements


def test_every_statement_parses(cloud: str) -> None:
    sent = statements(cloud)
    assert len(sent) > 40
    for statement in sent:
        (parsed,) = sqlglot.parse(statement, dialect=cloud)
        # What it does not know it takes for a command.
        assert not isinstance(parsed, exp.Command | None), statement


def test_ids_of_parents_are_compared_as_text(cloud: str) -> None:
    """BigQuery compares no number with a text, and some records name their parent by a number."""
    marking = next(each for each in statements(cloud) if "s two" in each)
    (compared,) = sqlglot.parse_one(marking, dialect=cloud).find_all(exp.In)
    assert isinstance(compared.this, exp.Cast), marking


def test_what_a_text_holds_stays_in_its_literal(cloud: str) -> None:
    text = "it's \\ a 'test'; DROP TABLE x -- `\""
    dialect = CLOUDS[cloud].dialect()
    parsed = sqlglot.parse_one(f"SELECT {dialect.literal(text)}", dialect=cloud)
    assert [each.this for each in parsed.expressions] == [text]


def test_names_are_folded_as_where_nobody_quotes_them(cloud: str) -> None:
    dialect = CLOUDS[cloud].dialect()
    assert dialect.name("group").strip('"`') == ("GROUP" if cloud == "snowflake" else "group")
    assert dialect.is_unusable("fooBar")
    assert not dialect.is_unusable("foo_bar")
    assert dialect.is_unusable("long" * 100)


@pytest.mark.parametrize("sign", [" ", ";", "("])
def test_names_that_a_column_can_t_have_are_left_to_the_rescued(sign: str) -> None:
    for cloud, warehouse in CLOUDS.items():
        expected = cloud in ("bigquery", "databricks")
        assert warehouse.dialect().is_unusable(f"a{sign}b") is expected


def test_dlt_knows_each_of_them(cloud: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings reach dlt's own configuration, without a look into its files."""
    monkeypatch.setenv("RUNTIME__DLTHUB_TELEMETRY", "false")
    destination = CLOUDS[cloud].destination()
    assert destination.destination_name == cloud
    assert destination.client_class.__name__
