"""Names that Delta has no columns for."""

from pathlib import Path

from rootly_assets_tests.warehouse.filesystem.table import FilesTable
from rootly_assets_tests.warehouse.table import thing


def test_an_attribute_whose_name_is_no_column_is_rescued(tmp_path: Path) -> None:
    things = FilesTable(tmp_path, table_format="delta")
    loaded = things.load([thing("1", **{"two words": 1, "surprise": 2})])
    assert loaded.undeclared == ("surprise",)
    assert things.rows()["1"]["_rescued"] == '{"two words":1}'
