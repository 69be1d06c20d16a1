"""What `rootly_assets.dataset()` promises, where the warehouse is Snowflake; and tables of ours there."""

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

import rootly_assets
from rootly_assets.reader import DatasetError
from rootly_assets_tests.snowflake_server import SnowflakeServer
from rootly_assets_tests.warehouse.snowflake.table import SnowflakeTable, warehouse
from rootly_assets_tests.warehouse.table import thing


@pytest.fixture
def things(
    tmp_path_factory: pytest.TempPathFactory,
    snowflake: SnowflakeServer,
    monkeypatch: pytest.MonkeyPatch,
) -> SnowflakeTable:
    database = snowflake.database()
    for name, value in database.environment.items():
        monkeypatch.setenv(name, value)
    table = SnowflakeTable(tmp_path_factory.mktemp("things"), database)
    table.load([thing("1", name="it's \\ é 🚒", size=5, starts_at="2026-02-01T01:00:00+01:00")])
    return table


@pytest.mark.usefixtures("things")
def test_tables_and_queries_come_as_frames_arrow_and_records() -> None:
    dataset = rootly_assets.dataset()
    frame = dataset.table("rootly.things").df()
    assert frame["name"].tolist() == ["it's \\ é 🚒"]
    assert frame["starts_at"].iloc[0] == datetime(2026, 2, 1, tzinfo=UTC)
    (row,) = dataset.sql(
        "SELECT size, size / 2 AS half, true AS flag, to_date('2026-01-02') AS day, ends_at "
        "FROM rootly.things"
    ).records()
    assert row == {
        "size": 5,
        "half": 2.5,
        "flag": True,
        "day": date(2026, 1, 2),
        "ends_at": None,
    }
    nothing = dataset.sql("SELECT id, size FROM rootly.things WHERE id = 'none'").arrow()
    assert isinstance(nothing, pa.Table)
    assert (nothing.num_rows, nothing.column_names) == (0, ["id", "size"])


@pytest.mark.usefixtures("things")
def test_what_can_t_be_answered_is_said() -> None:
    dataset = rootly_assets.dataset()
    with pytest.raises(DatasetError, match="NOWHERE"):
        dataset.table("rootly.nowhere").df()
    with pytest.raises(DatasetError, match="without parameters"):
        dataset.sql("SELECT ?", [1]).df()


def test_a_table_of_ours_takes_the_place_of_the_one_before(snowflake: SnowflakeServer) -> None:
    database = snowflake.database()
    made = warehouse(database)
    columns = {"panel": "varchar", "ours": "double precision", "n": "bigint", "agrees": "boolean"}
    made.replace_table("marts.mine", columns, [("a", 1.5, 2, True), ("b", None, 1, None)])
    made.replace_table("marts.mine", columns, [("c", 0.5, 3, False)])
    assert database.query("SELECT * FROM marts.mine") == [("c", 0.5, 3, False)]
    made.replace_table("marts.mine", columns, [])
    assert database.query("SELECT count(*) FROM marts.mine") == [(0,)]
