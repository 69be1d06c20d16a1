"""What is promised of loading into a cloud: rules of its own, and those of every warehouse that show most.

Each load there costs a second.
"""

from typing import Any

import pytest

from rootly_assets.warehouse.cloud import warehouse as module
from rootly_assets.warehouse.cloud.session import STAGE
from rootly_assets.warehouse.errors import WarehouseError
from rootly_assets_tests.warehouse.cloud_table import CloudTable
from rootly_assets_tests.warehouse.table import thing
from rootly_assets_tests.warehouse.test_loading import (
    test_a_row_that_comes_back_is_no_longer_marked,
    test_an_empty_list_is_a_table_without_rows_and_with_a_state,
    test_loading_the_same_again_changes_nothing,
    test_of_a_row_that_moved_between_pages_the_newest_version_stays,
)
from rootly_assets_tests.warehouse.test_older_catalogue import (
    test_what_does_not_fit_the_new_type_is_rescued,
)

__all__ = [
    "test_a_load_that_breaks_off_leaves_rows_and_state_and_can_be_repeated",
    "test_a_place_that_is_not_there_is_said_with_the_variables_to_check",
    "test_a_row_that_comes_back_is_no_longer_marked",
    "test_an_empty_list_is_a_table_without_rows_and_with_a_state",
    "test_loading_the_same_again_changes_nothing",
    "test_nothing_is_left_of_the_way_there",
    "test_of_a_row_that_moved_between_pages_the_newest_version_stays",
    "test_what_does_not_fit_the_new_type_is_rescued",
]

TABLES = "SELECT table_schema FROM information_schema.tables"


@pytest.mark.parametrize("moment", ["stage", "changes", "apply", "write_state"])
def test_a_load_that_breaks_off_leaves_rows_and_state_and_can_be_repeated(
    things: CloudTable, monkeypatch: pytest.MonkeyPatch, moment: str
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


def test_nothing_is_left_of_the_way_there(things: CloudTable) -> None:
    with things.warehouse.kept_open():
        things.load([thing("1", name="a")])
        things.load([thing("2")])
    with things.warehouse.session() as session:
        left = {str(name).lower() for (name,) in session.rows(TABLES)}
    assert not [name for name in left if name.startswith(STAGE)]


def test_a_place_that_is_not_there_is_said_with_the_variables_to_check(
    things: CloudTable,
) -> None:
    nowhere = things.warehouse.model_copy(update={"host": "127.0.0.1", "port": "1"})
    title = nowhere.dialect().title
    # The host is one of those that Snowflake usually has no need of.
    said = rf"{title} at .* can't be reached(?=.*{title.upper()}_DATABASE).*{title.upper()}_HOST"
    with pytest.raises(WarehouseError, match=said) as caught:
        nowhere.states()
    assert "\n" not in str(caught.value)
