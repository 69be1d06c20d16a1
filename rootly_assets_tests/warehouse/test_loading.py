"""Batches become rows: what came, changed, vanished and came back is told truly."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from rootly_assets.catalogue import ColumnType, Parent
from rootly_assets.sync.batch import Loaded
from rootly_assets.sync.planning.plan import Window
from rootly_assets_tests.warehouse.conftest import NewTable
from rootly_assets_tests.warehouse.table import BEGINNING, THINGS, Table, thing

DAY = timedelta(days=1)
NESTED = msgspec.structs.replace(
    THINGS,
    path="/v1/boxes/{box_id}/things",
    parent=Parent(table="boxes", parameter="box_id"),
    columns={**THINGS.columns, "box_id": ColumnType.TEXT},
)


def at(day: float) -> str:
    return (BEGINNING + day * DAY).isoformat()


def test_a_table_has_all_its_columns_before_its_first_row(things: Table) -> None:
    assert things.types() == {
        "id": "VARCHAR",
        "name": "VARCHAR",
        "size": "BIGINT",
        "starts_at": "TIMESTAMP WITH TIME ZONE",
        "ends_at": "TIMESTAMP WITH TIME ZONE",
        "updated_at": "TIMESTAMP WITH TIME ZONE",
        "relationships": "JSON",
        "_rescued": "JSON",
        "_synced_at": "TIMESTAMP WITH TIME ZONE",
        "_deleted_at": "TIMESTAMP WITH TIME ZONE",
    }


def test_a_table_says_what_a_row_is(things: Table) -> None:
    assert things.comment() == THINGS.description


def test_an_empty_list_is_a_table_without_rows_and_with_a_state(things: Table) -> None:
    loaded = things.load([])
    assert (loaded.rows, loaded.received, loaded.new) == (0, 0, 0)
    assert things.rows() == {}
    assert things.state().watermark == things.now


def test_a_table_that_was_dropped_is_read_anew(things: Table) -> None:
    things.load([thing("1")])
    things.dropped()
    assert things.rows() == {}
    assert things.endpoint.table not in things.warehouse.states()
    assert things.load([thing("1")]).new == 1


def test_loading_the_same_again_changes_nothing(things: Table) -> None:
    records = [thing("1", name="a", odd={"b": [1]}), thing("2", size="many"), thing("3")]
    things.load(records)
    before = things.rows()
    loaded = things.load(records)
    assert (loaded.new, loaded.changed, loaded.vanished) == (0, 0, 0)
    assert (loaded.rows, loaded.received, loaded.rescued) == (3, 3, 1)
    assert things.rows() == before


def test_children_are_found_by_their_parents(new_table: NewTable) -> None:
    table = new_table(NESTED)
    table.load([thing("1", box_id="a"), thing("2", box_id="b"), thing("3", box_id="c")])
    table.load([thing("1", box_id="a"), thing("2", box_id="c")])
    children = table.warehouse.children
    below = {"1": "a", "2": "c"}
    assert children(NESTED, ["c", "a", "it's none"]) == below, "what is gone is nobody's child"
    assert children(NESTED, ["b"]) == children(NESTED, []) == {}


def test_records_are_found_by_a_span_of_time(things: Table) -> None:
    records = [thing(str(day), updated_at=at(day)) for day in range(1, 6)]
    things.load([*records, thing("never")])
    things.load([*records[:3], *records[4:], thing("never")])
    within = things.warehouse.within
    second, fourth = BEGINNING + 2 * DAY, BEGINNING + 4 * DAY
    assert within("things", "updated_at", second, fourth) == ("2", "3"), "4 is gone"
    assert within("things", "updated_at", second, None) == ("2", "3", "5")
    assert within("things", "updated_at", None, second) == ("1", "2")


def test_records_that_are_gone_are_found_by_the_children_that_they_left(
    new_table: NewTable,
) -> None:
    boxes = msgspec.structs.replace(THINGS, table="boxes", path="/v1/boxes")
    table = new_table(boxes)
    table.load(map(thing, "abcd"))
    table.becomes(NESTED)
    table.load([thing(f"in {box}", box_id=box) for box in "abc"])
    assert table.warehouse.orphaned(NESTED) == ()
    table.becomes(boxes)
    table.load([thing("c")])
    table.becomes(NESTED)
    assert table.warehouse.orphaned(NESTED) == ("a", "b"), "d had none, and c is there"
    table.load([thing("in b", box_id="b")])
    assert table.warehouse.orphaned(NESTED) == ("b",), "what was in a is marked"
    assert table.warehouse.orphaned(boxes) == ()


def test_records_are_found_below_which_there_is_nothing(new_table: NewTable) -> None:
    boxes = msgspec.structs.replace(THINGS, table="boxes", path="/v1/boxes")
    table = new_table(boxes)
    table.load(map(thing, "abcd"))
    table.load(map(thing, "abc"))
    table.becomes(NESTED)
    assert table.warehouse.childless(NESTED) == ("a", "b", "c"), "d is gone"
    table.load([thing("in a", box_id="a"), thing("in b", box_id="b"), thing("in none")])
    assert table.warehouse.childless(NESTED) == ("c",)
    table.load([thing("in a", box_id="a")])
    assert table.warehouse.childless(NESTED) == ("b", "c"), "what was in b is gone"
    assert table.warehouse.childless(boxes) == ()


def test_children_that_name_their_parent_by_a_number_are_marked_like_others(
    new_table: NewTable,
) -> None:
    columns = {**NESTED.columns, "box_id": ColumnType.INTEGER}
    table = new_table(msgspec.structs.replace(NESTED, columns=columns))
    table.load([thing("a", box_id=1), thing("b", box_id=1), thing("c", box_id=2)])

    def below(parents: tuple[str, ...], *records: Mapping[str, Any]) -> Loaded:
        table.loads += 1
        batch = table.batch(records, sees_all=False)
        return table.warehouse.load(msgspec.structs.replace(batch, parents=parents))

    assert below(()).vanished == 0
    assert below(("1", "no-number"), thing("a", box_id=1)).vanished == 1
    assert table.warehouse.children(table.endpoint, ["1", "2", "no-number"]) == {"a": "1", "c": "2"}


def test_a_row_knows_when_it_was_last_changed(things: Table) -> None:
    things.load([thing("1", name="a"), thing("2", name="b")])
    first = things.now
    things.load([thing("1", name="a"), thing("2", name="c")])
    assert things.rows()["1"]["_synced_at"] == first
    assert things.rows()["2"]["_synced_at"] == things.now


@pytest.mark.parametrize("column", ["relationships", "name", "surprise", "size"])
def test_a_change_anywhere_in_a_row_is_seen(things: Table, column: str) -> None:
    def record(value: Any) -> dict[str, Any]:
        if column == "relationships":
            return {**thing("1"), "relationships": {"owner": value}}
        return {**thing("1", **{column: value})}

    things.load([record("a")])
    loaded = things.load([record("b")])
    assert (loaded.new, loaded.changed) == (0, 1)
    loaded = things.load([record(None)])
    assert (loaded.new, loaded.changed) == (0, 1)


def test_a_row_that_vanished_stays_with_the_time_it_was_missed(things: Table) -> None:
    things.load([thing("1", name="a"), thing("2")])
    loaded = things.load([thing("2")])
    assert (loaded.rows, loaded.vanished) == (1, 1)
    gone = things.rows()["1"]
    assert gone["name"] == "a"
    assert gone["_deleted_at"] == things.now
    missed = things.now
    assert things.load([thing("2")]).vanished == 0
    assert things.rows()["1"]["_deleted_at"] == missed


def test_a_row_that_comes_back_is_no_longer_marked(things: Table) -> None:
    things.load([thing("1", name="a"), thing("2")])
    things.load([thing("2")])
    loaded = things.load([thing("1", name="a"), thing("2")])
    assert (loaded.rows, loaded.new, loaded.changed) == (2, 0, 1)
    assert things.rows()["1"]["_deleted_at"] is None


def test_a_read_of_changes_alone_marks_nothing(things: Table) -> None:
    things.load([thing("1"), thing("2")])
    loaded = things.load([thing("3")], sees_all=False)
    assert (loaded.rows, loaded.new, loaded.vanished) == (3, 1, 0)


def test_a_table_without_history_forgets_what_is_gone(new_table: NewTable) -> None:
    table = new_table(msgspec.structs.replace(THINGS, keeps_vanished=False))
    table.load([thing("1"), thing("2")])
    loaded = table.load([thing("2")])
    assert (loaded.rows, loaded.vanished) == (1, 1)
    assert set(table.rows()) == {"2"}


def test_a_window_marks_only_what_lies_wholly_inside_it(things: Table) -> None:
    spans = {"before": (0, 1), "edge": (1, 3), "inside": (3, 4), "seen": (3, 5), "after": (9, 10)}
    records = {
        name: thing(name, starts_at=at(start), ends_at=at(end))
        for name, (start, end) in spans.items()
    }
    things.load(records.values())
    window = Window(start=BEGINNING + 2 * DAY, end=BEGINNING + 6 * DAY)
    loaded = things.load([records["seen"]], window=window)
    assert loaded.vanished == 1
    marked = {name for name, row in things.rows().items() if row["_deleted_at"]}
    assert marked == {"inside"}


def test_a_window_that_only_marks_loads_nothing_and_tells_what_is_not_there(
    new_table: NewTable,
) -> None:
    columns = {**THINGS.columns, "created_at": ColumnType.TIMESTAMP}
    table = new_table(msgspec.structs.replace(THINGS, columns=columns))

    def record(day: int, name: str, *, changed: int = 0) -> Mapping[str, Any]:
        return thing(str(day), name=name, created_at=at(day), updated_at=at(day + changed))

    def only_marks(records: list[Mapping[str, Any]]) -> Loaded:
        table.loads += 1
        window = Window(start=None, end=BEGINNING + 6 * DAY, created=True)
        batch = table.batch(records, window=window)
        return table.warehouse.load(msgspec.structs.replace(batch, only_marks=True))

    loaded = only_marks([record(2, "new")])
    assert loaded.absent == ((BEGINNING + 2 * DAY, 1),), "the table is empty"
    assert table.rows() == {}
    table.load([record(day, "old") for day in (1, 2, 3, 5, 7)])
    table.load([record(day, "old") for day in (1, 2, 5, 7)])
    read = [record(day, "new") for day in (2, 3, 4)]
    loaded = only_marks([record(5, "new", changed=9), *read])
    assert (loaded.rows, loaded.new, loaded.changed, loaded.vanished) == (3, 0, 0, 1)
    assert loaded.absent == tuple((BEGINNING + day * DAY, day - 1) for day in (3, 4, 5)), (
        "3 was gone, 4 never there, and 5 has changed"
    )
    rows = table.rows()
    assert {row["name"] for row in rows.values()} == {"old"}
    assert {id_ for id_, row in rows.items() if row["_deleted_at"] is None} == {"2", "5", "7"}


def test_of_a_row_that_moved_between_pages_the_newest_version_stays(things: Table) -> None:
    versions = [
        thing("1", name="old", updated_at=at(1)),
        thing("1", name="new", updated_at=at(3)),
        thing("1", name="middle", updated_at=at(2)),
        thing("2", name="only"),
    ]
    for _ in ("into an empty table", "into a full one"):
        loaded = things.load(versions)
        assert (loaded.received, loaded.rows, loaded.duplicate_ids) == (2, 2, 0)
        assert things.rows()["1"]["name"] == "new"


def test_of_versions_that_tell_no_time_the_one_read_last_stays(things: Table) -> None:
    versions = [thing("1", name=str(i)) for i in range(50)]
    for _ in ("into an empty table", "into a full one"):
        things.load([*versions, *(thing(f"other {i}") for i in range(3000))])
        assert things.rows()["1"]["name"] == "49"


def test_rows_that_are_added_without_a_look_still_come_once(things: Table) -> None:
    """A window of a first read: on its edge a row may have been read before, or come twice."""
    things.load([thing("1", name="one"), thing("2", name="two"), thing("3", name="three")])
    things.loads += 1
    read = [thing("2", name="two"), thing("3", name="drei"), thing("4"), thing("4", name="four")]
    batch = msgspec.structs.replace(things.batch(read, sees_all=False), is_new=True)
    loaded = things.warehouse.load(batch)
    assert (loaded.received, loaded.new, loaded.changed, loaded.vanished) == (3, 1, 1, 0)
    rows = things.rows()
    names = {id_: row["name"] for id_, row in rows.items()}
    assert names == {"1": "one", "2": "two", "3": "drei", "4": "four"}
    assert rows["2"]["_synced_at"] == BEGINNING + DAY, "it has not changed"
    assert rows["3"]["_synced_at"] == BEGINNING + 2 * DAY


def test_new_rows_are_added_and_told_as_such(things: Table) -> None:
    things.load([thing("1", name="one")])
    things.loads += 1
    batch = msgspec.structs.replace(things.batch([thing("2")], sees_all=False), is_new=True)
    loaded = things.warehouse.load(batch)
    assert (loaded.rows, loaded.received, loaded.new, loaded.changed) == (2, 1, 1, 0)
    assert things.state().loaded_at == things.now


def test_an_unknown_attribute_becomes_a_column_and_stays_one(things: Table) -> None:
    loaded = things.load([thing("1", surprise={"a": 1})])
    assert loaded.undeclared == ("surprise",)
    assert things.types()["surprise"] == "JSON"
    loaded = things.load([thing("1", surprise={"a": 1}), thing("2", other=2)])
    assert loaded.undeclared == ("surprise", "other")
    assert loaded.changed == 0
    assert things.rows()["1"]["surprise"] == '{"a":1}'
    assert things.rows()["2"]["other"] == "2"


def test_an_attribute_that_is_called_as_a_row_s_own_place_is_rescued(things: Table) -> None:
    for number in (1, 2):
        records = [thing(each, name=f"{each}{number}", rowid=number, ROWID=0) for each in "abc"]
        loaded = things.load([*records, records[0]])
        assert (loaded.rows, loaded.received, loaded.duplicate_ids) == (3, 3, 0)
        assert loaded.undeclared == ()
    rows = things.rows()
    assert {row["name"] for row in rows.values()} == {"a2", "b2", "c2"}
    assert msgspec.json.decode(rows["a"]["_rescued"]) == {"rowid": 2, "ROWID": 0}


def test_records_without_an_id_never_multiply(things: Table) -> None:
    records = [{"attributes": {"name": "a"}}, {"attributes": {}}, {}]
    things.load(records)
    before = things.rows()
    loaded = things.load(records)
    assert (loaded.new, loaded.changed, loaded.null_ids, loaded.duplicate_ids) == (0, 0, 0, 0)
    assert things.rows() == before


def test_attributes_that_are_no_object_spoil_nothing_beside_them(things: Table) -> None:
    broken = {"id": "2", "attributes": ["é" * 400]}
    loaded = things.load([thing("1", name="a"), broken])
    assert (loaded.rows, loaded.rescued) == (2, 1)
    assert things.rows()["1"]["name"] == "a"


def test_the_newest_rows_are_shown_as_text(things: Table) -> None:
    things.load([thing(str(i), size=i, starts_at=at(i)) for i in range(20)])
    things.load([thing(str(i), size=i, starts_at=at(i)) for i in range(19)])
    assert things.warehouse.preview("things", ["id", "size"], 2) == [("18", "18"), ("17", "17")]
