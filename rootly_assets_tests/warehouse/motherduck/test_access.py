"""Who is let in, and what is said to the others: one sentence, without the token."""

import os
from pathlib import Path

import duckdb
import pytest
from dagster._utils.error import serializable_error_info_from_exc_info

from rootly_assets.errors import NotConfigured
from rootly_assets.reader import Dataset, DatasetError
from rootly_assets.warehouse.destination import configured_source, warehouse, warehouse_resource
from rootly_assets.warehouse.errors import WarehouseError
from rootly_assets.warehouse.motherduck.errors import token_refused_or
from rootly_assets.warehouse.motherduck.warehouse import MotherDuckWarehouse
from rootly_assets_tests.warehouse.motherduck.table import AttachedTable
from rootly_assets_tests.warehouse.table import thing

TOKEN = "eyJhbGciOi.hunter2.c2lnbmVk"


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """MotherDuck, by somebody who has an account."""
    monkeypatch.setenv("ROOTLY_DESTINATION", "motherduck")
    monkeypatch.setenv("MOTHERDUCK_TOKEN", TOKEN)
    # So that they are taken away again: the warehouse sets them.
    monkeypatch.setenv("motherduck_token", TOKEN)
    monkeypatch.setenv("ROOTLY_MOTHERDUCK_DATABASE", "")
    return monkeypatch


def test_its_name_is_all_that_has_to_be_said(chosen: pytest.MonkeyPatch) -> None:
    assert warehouse().place == "md:warehouse"
    chosen.setenv("ROOTLY_MOTHERDUCK_DATABASE", "md:analytics")
    assert warehouse().place == "md:analytics"
    assert "hunter2" not in f"{warehouse_resource()} {warehouse()!r} {configured_source()}"


@pytest.mark.parametrize("name", ["MOTHERDUCK_TOKEN", "motherduck_token"])
def test_the_token_is_put_where_the_extension_looks_for_it(
    chosen: pytest.MonkeyPatch, name: str
) -> None:
    chosen.setenv("MOTHERDUCK_TOKEN", "")
    chosen.setenv("motherduck_token", "")
    chosen.setenv(name, TOKEN)
    warehouse()
    assert os.environ["motherduck_token"] == TOKEN  # noqa: SIM112 - the extension's own name


def test_a_missing_token_is_said_before_a_browser_is_opened(chosen: pytest.MonkeyPatch) -> None:
    chosen.delenv("MOTHERDUCK_TOKEN")
    chosen.delenv("motherduck_token")
    with pytest.raises(NotConfigured, match="motherduck: set MOTHERDUCK_TOKEN"):
        warehouse()
    with pytest.raises(NotConfigured, match="set MOTHERDUCK_TOKEN"):
        MotherDuckWarehouse(database="md:warehouse").states()


@pytest.mark.parametrize(
    "named", ["analytics", "md:", "md:two words", f"md:analytics?motherduck_token={TOKEN}"]
)
def test_what_is_no_name_is_refused_without_being_quoted(
    chosen: pytest.MonkeyPatch, named: str
) -> None:
    chosen.setenv("ROOTLY_MOTHERDUCK_DATABASE", named)
    with pytest.raises(NotConfigured, match="like md:warehouse") as caught:
        warehouse()
    assert "hunter2" not in str(caught.value)


@pytest.mark.usefixtures("chosen")
def test_a_token_that_is_refused_is_said_without_it() -> None:
    # MotherDuck's own words, and the worst that could follow them.
    words = (
        "Request failed: Your request is not authenticated. Please check your MotherDuck token. "
        f"(Jwt is not in the form of Header.Payload.Signature: {TOKEN})"
    )
    said = str(token_refused_or(duckdb.InvalidInputException(words), "md:warehouse"))
    assert said.startswith("MotherDuck refused the token: ")
    assert "Set MOTHERDUCK_TOKEN" in said
    assert "hunter2" not in said


def test_a_database_that_is_not_there_is_said_with_what_makes_it() -> None:
    words = "no database/share named 'warehouse' found"
    said = str(token_refused_or(duckdb.CatalogException(words), "md:warehouse"))
    assert "CREATE DATABASE" in said
    assert "ROOTLY_MOTHERDUCK_DATABASE" in said


@pytest.mark.usefixtures("chosen")
def test_with_the_extension_and_a_wrong_token_both_ways_end_in_one_sentence() -> None:
    """Without the internet it can't be loaded; with it, the token would be refused."""
    for look in (warehouse().states, Dataset().table("rootly.incidents").records):
        with pytest.raises((WarehouseError, DatasetError), match="MotherDuck") as caught:
            look()
        assert "\n" not in str(caught.value)
        assert "hunter2" not in str(serializable_error_info_from_exc_info(caught._excinfo))


def test_a_file_stands_in_without_an_account(chosen: pytest.MonkeyPatch, tmp_path: Path) -> None:
    chosen.setenv("MOTHERDUCK_TOKEN", "")
    chosen.setenv("motherduck_token", "")
    chosen.chdir(tmp_path)
    chosen.setenv("ROOTLY_MOTHERDUCK_DATABASE", "things.duckdb")
    dataset = Dataset()
    with pytest.raises(DatasetError, match="make refresh"):
        dataset.table("rootly.things").df()
    AttachedTable(tmp_path).load([thing("1", name="a")])
    assert warehouse().states()["things"].run_id == "run-1"
    assert dataset.table("rootly.things").records()[0]["name"] == "a"


def test_a_session_reads_and_nothing_else(tmp_path: Path) -> None:
    table = AttachedTable(tmp_path)
    table.load([thing("1", name="a")])
    with (
        table.warehouse.reading().open() as session,
        pytest.raises(DatasetError, match="read-only"),
    ):
        session.execute("DELETE FROM rootly.things")
    assert table.rows().keys() == {"1"}
