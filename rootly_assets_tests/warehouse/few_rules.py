"""The rules of loading that show most, for warehouses where each load costs a second."""

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
    "test_a_row_that_comes_back_is_no_longer_marked",
    "test_an_empty_list_is_a_table_without_rows_and_with_a_state",
    "test_loading_the_same_again_changes_nothing",
    "test_of_a_row_that_moved_between_pages_the_newest_version_stays",
    "test_what_does_not_fit_the_new_type_is_rescued",
]
