"""Other workspaces, made from the builds that tests share, and what the report shows of them."""

from datetime import datetime
from pathlib import Path

import duckdb

from rootly_assets.queries.tiles import Tile
from rootly_assets.reader import Dataset
from rootly_assets.report.figures import Figures, figures
from rootly_assets.warehouse.duckdb_reading import FileSource
from rootly_assets_tests.dbt.dbt_build import Build


def drawn_from(path: Path, time_zone: str = "UTC") -> Figures:
    """What the report shows of a warehouse."""
    with Dataset(FileSource(path)).opened() as opened:
        return figures(opened, time_zone=time_zone)


def tile(shown: Figures, label: str) -> Tile:
    """The one tile of this label."""
    (found,) = (each for each in shown.tiles if each.label == label)
    return found


def run(path: Path, statement: str) -> None:
    """Change what the models say, as it would be for another workspace."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(statement)


def synced_at(build: Build, folder: Path, **lists: datetime) -> Path:
    """A copy of a build's warehouse in which only these lists were ever asked for, last at these times."""
    path = build.copied(folder)
    with duckdb.connect(str(path)) as connection:
        connection.execute("DELETE FROM warehouse.rootly._rootly_sync")
        for table, moment in lists.items():
            connection.execute(
                "INSERT INTO warehouse.rootly._rootly_sync (table_name, synced_at) VALUES (?, ?)",
                [table, moment],
            )
    return path
