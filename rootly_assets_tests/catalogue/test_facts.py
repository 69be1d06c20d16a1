"""The catalogue as it is shipped: every fact of every endpoint holds together with the others."""

import re
from collections.abc import Sequence

import pytest

from rootly_assets.catalogue import (
    Endpoint,
    PageStyle,
    Strategy,
    catalogue,
    endpoint_of,
    readable,
    wired,
)
from rootly_assets.catalogue.sensitive import SECRET_KEYS, SECRET_TYPES
from rootly_assets.sync.planning.strategies import CHANGE_FILTERS
from rootly_assets.sync.shaping.columns import RESERVED

READABLE_TABLES = {endpoint.table for endpoint in readable()}


def each(endpoints: Sequence[Endpoint]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("endpoint", endpoints, ids=lambda endpoint: endpoint.path)


def test_every_list_of_the_api_is_in_the_catalogue_once() -> None:
    paths = [endpoint.path for endpoint in catalogue() if endpoint.has_own_path]
    # 113 described lists, four that the document names only, and one record that says more than its list.
    assert len(paths) == 113 + 4 + 1
    assert len(set(paths)) == len(paths)


def test_no_two_lists_are_read_into_one_table() -> None:
    assert len(READABLE_TABLES) == len(readable())


def test_names_that_differ_by_case_alone_never_meet_in_one_table() -> None:
    for endpoint in catalogue():
        assert len({name.lower() for name in endpoint.columns}) == len(endpoint.columns)


def test_lists_that_hold_only_secrets_are_never_read() -> None:
    assert not [endpoint.path for endpoint in readable() if endpoint.type in SECRET_TYPES]
    assert "/v1/secrets" in {endpoint.path for endpoint in catalogue()}
    assert "/v1/secrets" not in {endpoint.path for endpoint in readable()}


def test_a_second_way_to_the_same_rows_is_not_read() -> None:
    assert any(endpoint.same_rows_as for endpoint in catalogue())
    assert not [each for each in readable() if each.same_rows_as]


def test_deprecated_lists_are_read_only_where_they_are_asked_for() -> None:
    deprecated = {endpoint.table for endpoint in readable() if endpoint.deprecated}
    assert deprecated
    assert not deprecated & {each.table for each in wired()}
    assert deprecated < {each.table for each in wired(frozenset(deprecated))}


def test_a_list_that_is_asked_for_brings_those_of_its_parents() -> None:
    usual = {each.table for each in wired()}
    found = {each.table for each in wired(frozenset({"custom_field_options"}))}
    assert found - usual == {"custom_field_options", "custom_fields"}


def test_the_cheaper_way_to_the_same_rows_is_read() -> None:
    read = {endpoint.path: endpoint.table for endpoint in readable()}
    for endpoint in catalogue():
        if endpoint.same_rows_as:
            assert endpoint.same_rows_as in read


@each(catalogue())
def test_table_names_are_snake_case(endpoint: Endpoint) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", endpoint.table)
    assert endpoint.asset_key == ("rootly", endpoint.table)


@each(readable())
def test_credentials_are_never_columns(endpoint: Endpoint) -> None:
    assert not endpoint.columns.keys() & SECRET_KEYS
    assert not endpoint.columns.keys() & set(endpoint.secrets)


@each(catalogue())
def test_columns_of_ours_are_never_declared_twice(endpoint: Endpoint) -> None:
    assert not {name.lower() for name in endpoint.columns} & RESERVED


def test_documented_values_are_those_of_columns() -> None:
    assert "resolved" in endpoint_of("alerts").values["status"]
    for endpoint in catalogue():
        assert endpoint.values.keys() <= endpoint.columns.keys()


@each(readable())
def test_nested_lists_name_the_table_that_fills_their_path(endpoint: Endpoint) -> None:
    parameters = re.findall(r"{(\w+)}", endpoint.path)
    if endpoint.parent is None:
        assert not parameters
    else:
        assert not endpoint.has_own_path or parameters[-1] == endpoint.parent.parameter
        assert endpoint.parent.table in READABLE_TABLES


@each([endpoint for endpoint in readable() if endpoint.parent])
def test_nested_lists_are_read_in_the_step_of_their_parents(endpoint: Endpoint) -> None:
    # Steps of two domains may live side by side. A parent that another one commits late is marked with
    # a time before that at which the nested list looked for changed parents, and would never be asked.
    assert endpoint.parent is not None
    assert endpoint.domain == endpoint_of(endpoint.parent.table or "").domain


@each(readable())
def test_every_list_that_is_read_can_be_kept_current_as_it_says(endpoint: Endpoint) -> None:
    attribute = CHANGE_FILTERS.get(endpoint.strategy)
    if attribute is not None:
        assert attribute in endpoint.time_filters
    assert (endpoint.strategy is Strategy.CHILDREN) == (endpoint.parent is not None)
    if endpoint.strategy is Strategy.WINDOW:
        assert {"starts_at", "ends_at"} <= endpoint.columns.keys()


@each(readable())
def test_every_table_says_what_a_row_is(endpoint: Endpoint) -> None:
    assert endpoint.description.startswith("One row")
    assert endpoint.description.endswith((".", "…"))


def test_page_sizes_are_those_that_the_api_accepts() -> None:
    assert endpoint_of("shifts").pages.max_size == 1000
    assert endpoint_of("alert_events").pages.max_size == 50
    assert endpoint_of("alert_events").pages.style is PageStyle.CURSOR
    assert endpoint_of("incidents").pages.max_size == 100


def test_asking_for_a_table_that_no_list_becomes_names_it() -> None:
    with pytest.raises(KeyError, match="'secrets'"):
        endpoint_of("secrets")
