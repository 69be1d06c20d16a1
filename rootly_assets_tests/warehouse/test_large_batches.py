"""Thousands of incidents at once, whatever is odd about them, fit into the memory that loading may take."""

from typing import Any

import pytest

from rootly_assets.catalogue import ColumnType, endpoint_of
from rootly_assets_tests.warehouse.conftest import NewTable
from rootly_assets_tests.warehouse.table import thing

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("oddity", ["odd names", "misfits", "one long text", "long texts"])
def test_thousands_of_incidents_fit_into_the_memory_there_is(
    new_table: NewTable, oddity: str
) -> None:
    incidents = endpoint_of("incidents")
    table = new_table(incidents)
    texts = [name for name, kind in incidents.columns.items() if kind is ColumnType.TEXT]
    usual = dict.fromkeys(texts, "some words " * 9)

    def attributes(i: int) -> dict[str, Any]:
        match oddity:
            case "odd names":
                return {**usual, f"key {i}": i}
            case "misfits":
                return dict.fromkeys(incidents.columns, "some words " * 9)
            case "one long text":
                return {**usual, "summary": "long " * 1_000_000} if i == 7 else usual
            case _:
                return {**usual, "summary": "long " * 10_000}

    loaded = table.load(thing(str(i), **attributes(i)) for i in range(2100))
    assert loaded.rows == 2100
    assert loaded.rescued == (2100 if oddity == "misfits" else 2000 if oddity == "odd names" else 0)
