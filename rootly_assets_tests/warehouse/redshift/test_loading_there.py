"""What is loaded into Redshift is all there or can be loaded again, and what keeps us out is said."""

from typing import Any

import pytest

from rootly_assets.warehouse.cloud import warehouse as module
from rootly_assets.warehouse.cloud.session import STAGE
from rootly_assets.warehouse.errors import WarehouseError
from rootly_assets_tests.warehouse.few_rules import *
from rootly_assets_tests.warehouse.redshift.table import RedshiftTable
from rootly_assets_tests.warehouse.table import thing

pytestmark = pytest.mark.slow

TABLES = "SELECT table_schema FROM information_schema.tables"


@pytest.mark.parametrize("moment", ["stage", "changes", "apply", "write_state"])
def test_a_load_that_breaks_off_leaves_rows_and_state_and_can_be_repeated(
    things: RedshiftTable, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    things.load([thing("1", name="a"), thing("2")])
    rows, state = things.rows(), things.state()
    done = getattr(module, moment)

    def broken(*arguments: Any) -> Any:
        done(*arguments)
        raise KeyboardInterrupt

    records = [thing("1", name="b"), thing("3")]
    with monkeypatch.context() as patch:
        patch.setattr(module, moment, broken)
        with pytest.raises(KeyboardInterrupt):
            things.load(records)
    assert (things.rows(), things.state()) == (rows, state)
    loaded = things.load(records)
    assert (loaded.rows, loaded.new, loaded.changed, loaded.vanished) == (2, 1, 1, 1)


def test_nothing_is_left_of_the_way_there(things: RedshiftTable) -> None:
    with things.warehouse.kept_open():
        things.load([thing("1", name="a")])
        things.load([thing("2")])
    left = {str(name).lower() for (name, *_) in things.postgres.query(TABLES)}
    assert not [name for name in left if name.startswith(STAGE)]


def test_a_place_that_is_not_there_is_said_with_the_variables_to_check(
    things: RedshiftTable,
) -> None:
    nowhere = things.warehouse.model_copy(update={"host": "127.0.0.1", "port": "1"})
    with pytest.raises(
        WarehouseError, match=r"Redshift at .* can't be reached.*REDSHIFT_DATABASE"
    ) as caught:
        nowhere.states()
    assert "\n" not in str(caught.value)
