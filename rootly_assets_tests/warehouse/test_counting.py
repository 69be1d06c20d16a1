"""Counts and rows agree with an independent model, whatever batches come in whatever order."""

from collections.abc import Mapping
from datetime import timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rootly_assets_tests.warehouse.conftest import NewTable
from rootly_assets_tests.warehouse.table import BEGINNING, THINGS, Record, thing

pytestmark = pytest.mark.slow

# (id, version, hours after the beginning at which that version was made)
VERSIONS = st.tuples(st.sampled_from("abcde"), st.integers(0, 2), st.integers(0, 3))
BATCHES = st.lists(st.tuples(st.lists(VERSIONS, max_size=7), st.booleans()), max_size=5)

Version = tuple[str, int, int]


class Model:
    """What a table should be: content of each row, and whether it is marked as deleted."""

    def __init__(self, *, keeps_vanished: bool) -> None:
        self.keeps_vanished = keeps_vanished
        self.rows: dict[str, tuple[Version, bool]] = {}

    def load(self, versions: list[Version], *, sees_all: bool) -> Mapping[str, int]:
        newest: dict[str, Version] = {}
        for each in versions:
            kept = newest.get(each[0])
            if kept is None or each[2] >= kept[2]:
                newest[each[0]] = each
        new = changed = vanished = 0
        for identity, version in newest.items():
            if identity not in self.rows:
                new += 1
            elif self.rows[identity] != (version, False):
                changed += 1
            self.rows[identity] = (version, False)
        if sees_all:
            for identity, (version, deleted) in list(self.rows.items()):
                if identity not in newest and not deleted:
                    vanished += 1
                    self.rows[identity] = (version, True)
                    if not self.keeps_vanished:
                        del self.rows[identity]
        present = sum(not deleted for _, deleted in self.rows.values())
        return {
            "rows": present,
            "received": len(newest),
            "new": new,
            "changed": changed,
            "vanished": vanished,
            "duplicate_ids": 0,
            "null_ids": 0,
        }


def record(version: Version) -> Record:
    identity, number, hours = version
    made = BEGINNING + timedelta(hours=hours)
    return thing(identity, name=f"version {number}", updated_at=made.isoformat())


# Each example makes a table of its own.
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(batches=BATCHES, keeps_vanished=st.booleans())
def test_counts_and_rows_are_those_of_the_model(
    new_table: NewTable, batches: list[tuple[list[Version], bool]], keeps_vanished: bool
) -> None:
    endpoint = msgspec.structs.replace(THINGS, keeps_vanished=keeps_vanished)
    table, model = new_table(endpoint), Model(keeps_vanished=keeps_vanished)
    for versions, sees_all in batches:
        loaded = table.load(map(record, versions), sees_all=sees_all)
        expected = model.load(versions, sees_all=sees_all)
        assert {name: getattr(loaded, name) for name in expected} == expected
    found = {
        identity: (row["name"], row["updated_at"], row["_deleted_at"] is not None)
        for identity, row in table.rows().items()
    }
    assert found == {
        identity: (f"version {number}", BEGINNING + timedelta(hours=hours), deleted)
        for identity, ((_, number, hours), deleted) in model.rows.items()
    }
