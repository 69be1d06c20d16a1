"""What PostgreSQL names, types and holds differently from DuckDB."""

import json
import random
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from rootly_assets.catalogue import ColumnType, wired
from rootly_assets.warehouse.errors import WarehouseError
from rootly_assets.warehouse.postgres.names import is_unusable
from rootly_assets_tests.warehouse.conftest import NewTable
from rootly_assets_tests.warehouse.postgres.table import PostgresTable
from rootly_assets_tests.warehouse.table import THINGS, thing, with_columns


def value(table: PostgresTable, expression: str) -> Any:
    ((found,),) = table.postgres.query(f"SELECT {expression} FROM rootly.things")
    return found


def test_types_are_the_native_ones(new_table: NewTable) -> None:
    table = new_table(with_columns(**{f"a_{kind}": kind for kind in ColumnType}))
    assert isinstance(table, PostgresTable)
    found = table.postgres.query(
        "SELECT column_name, data_type FROM information_schema.columns "
        "WHERE table_schema = 'rootly' AND table_name = 'things' AND column_name LIKE 'a\\_%'"
    )
    assert dict(found) == {
        "a_text": "text",
        "a_integer": "bigint",
        "a_number": "double precision",
        "a_boolean": "boolean",
        "a_timestamp": "timestamp with time zone",
        "a_date": "date",
        "a_json": "jsonb",
    }


def test_values_arrive_as_they_were(new_table: NewTable) -> None:
    table = new_table(with_columns(**{f"a_{kind}": kind for kind in ColumnType}))
    text = "tab\t, quote \" and ' and \\, line\r\nbreak\n\\.\n\\N NULL é 🚒 %s {} $1"
    document = {"deep": [1, 2.5, None, True, {"text": text}], "": {}}
    values: dict[str, Any] = {
        "a_text": text,
        "a_integer": 2**63 - 1,
        "a_number": 0.1 + 0.2,
        "a_boolean": False,
        "a_timestamp": "0001-01-01T00:00:00.000001Z",
        "a_date": "9999-12-31",
        "a_json": document,
    }
    table.load(
        [thing("1", **values), thing("2", a_text="", a_json="", a_number=1e-300), thing("3")]
    )
    rows = table.rows()
    first = rows["1"]
    assert (first["a_text"], first["a_integer"], first["a_number"]) == (text, 2**63 - 1, 0.1 + 0.2)
    assert (first["a_boolean"], first["a_date"]) == (False, date(9999, 12, 31))
    assert first["a_timestamp"] == datetime(1, 1, 1, 0, 0, 0, 1, tzinfo=UTC)
    assert json.loads(first["a_json"]) == document
    assert (rows["2"]["a_text"], rows["2"]["a_json"]) == ("", '""')  # empty text is not nothing
    assert rows["2"]["a_number"] == 1e-300
    assert {rows["3"][f"a_{kind}"] for kind in ColumnType} == {None}


def test_the_order_of_keys_in_a_document_is_no_change(things: PostgresTable) -> None:
    things.load([thing("1", surprise={"b": 1, "a": {"d": 1.0, "c": []}})])
    loaded = things.load([thing("1", surprise={"a": {"c": [], "d": 1.0}, "b": 1})])
    assert loaded.changed == 0


def test_the_nul_character_becomes_the_replacement_character(things: PostgresTable) -> None:
    record = thing("1", name="a\0\0b", surprise={"k\0": "\0", "kept": "\\u0000"}, size="\0")
    things.load([record, thing("2", name="\\u0000 and \\\0")])
    rows = things.rows()
    assert rows["1"]["name"] == "a\ufffd\ufffdb"
    assert json.loads(rows["1"]["surprise"]) == {"k\ufffd": "\ufffd", "kept": "\\u0000"}
    assert json.loads(rows["1"]["_rescued"]) == {"size": "\ufffd"}
    assert rows["2"]["name"] == "\\u0000 and \\\ufffd"
    assert things.load([record, thing("2", name="\\u0000 and \\\0")]).changed == 0


def test_a_number_of_more_digits_than_there_can_be_is_kept_as_text(things: PostgresTable) -> None:
    many = "7" * 140_000
    said = f"""{{"id": "1", "attributes": {{"name": "a 1e300000, \\" 2e300000", "size": -1e300000,
        "surprise": {{"far": 1e300000, "near": 1e-30000, "long": [{many}], "usual": 1.5e3}}}}}}"""
    for _ in ("into an empty table", "into a full one"):
        things.loads += 1
        batch = things.batch([thing("2", size=5)], sees_all=False)
        with batch.landing.path.open("a") as file:
            file.write(said.replace("\n", " ") + "\n")
        assert things.warehouse.load(batch).changed == 0
    row = things.rows()["1"]
    assert row["name"] == 'a 1e300000, " 2e300000'
    assert json.loads(row["_rescued"]) == {"size": "-1e300000"}
    assert json.loads(row["surprise"]) == {
        "far": "1e300000",
        "near": "1e-30000",
        "long": [many],
        "usual": 1500,
    }


def test_an_attribute_in_capitals_has_a_column_that_needs_no_quotes(things: PostgresTable) -> None:
    for _ in ("into an empty table", "into a full one"):
        loaded = things.load([thing("1", camelCase=1, ÄÖ=2)])
        assert loaded.undeclared == ("camelCase", "ÄÖ")
        assert loaded.rescued == 0
    assert loaded.changed == 0
    assert value(things, "camelCase::int") == 1
    assert value(things, "ÄÖ::int") == 2
    things.becomes(with_columns(**THINGS.columns, camelCase=ColumnType.INTEGER))
    assert value(things, "camelCase") == 1
    loaded = things.load([thing("1", camelCase=1, ÄÖ=2)])
    assert (loaded.changed, loaded.undeclared) == (0, ("ÄÖ",))


@pytest.mark.parametrize(
    "name", ["user", "order", "select", "table", "a b", 'a"b', "%s", "1st", "a.b"]
)
def test_reserved_and_odd_words_are_names_like_others(new_table: NewTable, name: str) -> None:
    declared = new_table(with_columns(**{name: ColumnType.TEXT}))
    surprised = new_table(THINGS)
    for table in (declared, surprised):
        table.load([thing("1", **{name: "a"})])
        assert table.load([thing("1", **{name: "b"}), thing("2")]).changed == 1
        assert table.rows()["1"][name].strip('"') == "b"


@pytest.mark.parametrize("name", ["xmin", "CTID", "x" * 64, "é" * 32])
def test_a_name_that_no_column_can_have_is_rescued(things: PostgresTable, name: str) -> None:
    for _ in ("into an empty table", "into a full one"):
        loaded = things.load([thing("1", name="a", **{name: 1})])
        assert (loaded.rescued, loaded.undeclared) == (1, ())
    assert json.loads(things.rows()["1"]["_rescued"]) == {name: 1}


def test_the_longest_name_is_kept_whole(things: PostgresTable) -> None:
    name = "x" * 63
    things.load([thing("1", **{name: 1})])
    assert things.rows()["1"][name] == "1"


def test_no_name_of_the_catalogue_is_unusable() -> None:
    names = {name for each in wired() for name in (each.table, *each.columns)}
    assert [name for name in names if is_unusable(name)] == []


def test_wide_rows_and_very_long_texts_fit(things: PostgresTable) -> None:
    wide = {f"column_{i}": "some words " * 20 for i in range(100)}
    long = "long é " * 1_500_000
    for size in (1, 2):
        things.load([thing("1", name=long, size=size, **wide), thing("2", name="short")])
    row = things.rows()["1"]
    assert row["name"] == long
    assert {json.loads(row[name]) for name in wide} == {"some words " * 20}


def test_an_id_too_long_for_a_key_is_said_and_nothing_is_changed(things: PostgresTable) -> None:
    things.load([thing("1", name="a")])
    rows, state = things.rows(), things.state()
    with pytest.raises(WarehouseError, match=r"refused: index row size .* exceeds"):
        things.load([thing(random.Random(20260304).randbytes(3000).hex())])
    assert (things.rows(), things.state()) == (rows, state)


def test_views_of_dbt_give_way_to_a_new_type_and_others_are_named(things: PostgresTable) -> None:
    things.load([thing("1", name="a", size=5)])
    query = things.postgres.query
    query("CREATE SCHEMA staging; CREATE SCHEMA reports")
    query("CREATE VIEW staging.stg AS SELECT id, size FROM rootly.things")
    query("CREATE VIEW staging.next AS SELECT size FROM staging.stg")
    query("CREATE VIEW reports.mine AS SELECT size + 1 AS more FROM staging.next")
    as_text = with_columns(**{**THINGS.columns, "size": ColumnType.TEXT})
    with pytest.raises(WarehouseError, match=r"views use the table: reports\.mine\. Drop them"):
        things.becomes(as_text)
    assert query("SELECT more FROM reports.mine") == [(6,)]
    query("DROP VIEW reports.mine")
    things.becomes(as_text)
    assert things.rows()["1"]["size"] == "5"
    assert query("SELECT count(*) FROM pg_views WHERE schemaname = 'staging'") == [(0,)]


def test_a_credential_is_removed_from_under_a_view_of_dbt(things: PostgresTable) -> None:
    things.load([thing("1", name="a", api_key="hunter2")])
    things.postgres.query(
        "CREATE SCHEMA staging; CREATE VIEW staging.stg AS SELECT * FROM rootly.things"
    )
    things.becomes(msgspec.structs.replace(THINGS, secrets=("api_key",)))
    assert "hunter2" not in str(things.rows())
