"""Iceberg tables of a catalog that is a server of its own: SeaweedFS's, beside its buckets."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from rootly_assets.errors import NotConfigured
from rootly_assets.warehouse.destination import warehouse
from rootly_assets.warehouse.errors import WarehouseError
from rootly_assets.warehouse.filesystem.reading import FilesSource
from rootly_assets.warehouse.reading import DatasetError
from rootly_assets_tests.s3_server import BUCKET, LAKE, SECRET
from rootly_assets_tests.warehouse.filesystem.conftest import read_catalog_settings
from rootly_assets_tests.warehouse.filesystem.table import FilesTable
from rootly_assets_tests.warehouse.guide import blocks
from rootly_assets_tests.warehouse.table import thing

URL = f"s3://{BUCKET}/states"


@pytest.fixture
def chosen(catalog: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment is that of a user of this catalog."""
    for name, value in {**catalog, "ROOTLY_BUCKET_URL": URL}.items():
        monkeypatch.setenv(name, value)
    read_catalog_settings(monkeypatch)


def test_the_guide_names_what_the_tests_set(catalog: Mapping[str, str]) -> None:
    (shown,) = (block for block in blocks("filesystem.md", "sh") if "ICEBERG_CATALOG" in block)
    named = set(re.findall(r"export (\w+)=", shown))
    assert named == {name for name in catalog if re.search("ICEBERG|TABLE_FORMAT", name)}


@pytest.mark.usefixtures("chosen")
def test_rows_and_state_are_in_the_catalog_s_own_bucket_and_are_read_from_there(
    tmp_path: Path,
) -> None:
    things = FilesTable(tmp_path, table_format="iceberg", url=URL)
    things.load([thing("1", name="a"), thing("2")])
    loaded = things.load([thing("1", name="b", surprise=1), thing("3")])
    assert (loaded.new, loaded.changed, loaded.vanished) == (1, 1, 1)
    things.load([thing("1", name="b", surprise=1), thing("3")])
    assert things.state().run_id == "run-3"
    rows = things.rows()
    assert (rows["1"]["name"], rows["1"]["surprise"]) == ("b", "1")
    assert rows["2"]["_deleted_at"] is not None
    assert things.warehouse.tables.places() == (URL, f"s3://{LAKE}/rootly/things")
    source = FilesSource(things.database, URL, "iceberg")
    with source.confined().open() as confined:
        assert confined.execute("SELECT count(*) FROM rootly.things").fetchall() == [(3,)]
        with pytest.raises(DatasetError, match="refused"):
            confined.execute(f"SELECT * FROM 's3://{BUCKET}/other/rows.parquet'")


@pytest.mark.usefixtures("chosen")
def test_a_wrong_credential_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYICEBERG_CATALOG__ROOTLY__CREDENTIAL", f"somebody:else-{SECRET}")
    read_catalog_settings(monkeypatch)
    with pytest.raises(WarehouseError, match="catalog can't be opened") as caught:
        FilesTable(tmp_path, table_format="iceberg", url=URL)
    assert SECRET not in str(caught.value)


@pytest.mark.usefixtures("chosen")
def test_a_warehouse_that_it_has_not_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYICEBERG_CATALOG__ROOTLY__WAREHOUSE", "s3://nowhere")
    read_catalog_settings(monkeypatch)
    with pytest.raises(WarehouseError, match="Iceberg's catalog"):
        FilesTable(tmp_path, table_format="iceberg", url=URL)


@pytest.mark.usefixtures("chosen")
def test_a_server_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROOTLY_ICEBERG_CATALOG", "http://127.0.0.1:9/hunter2")
    with pytest.raises(WarehouseError, match=r"ConnectionError.*ROOTLY_ICEBERG_CATALOG") as caught:
        warehouse().states_at_once()
    assert "hunter2" not in str(caught.value)


@pytest.mark.usefixtures("chosen")
def test_a_folder_can_not_go_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROOTLY_BUCKET_URL", str(tmp_path))
    with pytest.raises(NotConfigured, match="let ROOTLY_BUCKET_URL be a bucket there"):
        warehouse()
