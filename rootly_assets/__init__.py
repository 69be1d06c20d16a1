"""rootly-assets: a whole Rootly workspace as warehouse tables and incident metrics, in Dagster."""

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rootly_assets.reader import Dataset

__version__ = version("rootly-assets")


def dataset(path: Path | str | None = None) -> "Dataset":
    """The warehouse, to read tables and SQL results from: as pandas or Arrow.

    Args:
        path: a DuckDB file; the warehouse that the environment names (`ROOTLY_DESTINATION`), if None.
    """
    # Imported when it is used: every part of the package passes through here.
    from rootly_assets.reader import Dataset

    if path is None:
        return Dataset()
    from rootly_assets.warehouse.duckdb_reading import FileSource

    return Dataset(FileSource(Path(path).absolute()))
