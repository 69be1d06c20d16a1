"""What `sync` is asked for on the command line is what it does."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from rootly_assets.sandbox import Server, serve
from rootly_assets_tests.system.command_line import environment, run_here
from rootly_assets_tests.system.refreshed import Once, workspace

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Synced:
    """A workspace that was read once, and has changed in nothing that a usual sync looks at again."""

    server: Server
    folder: Path

    def sync(self, *options: str) -> None:
        """Read once more, as somebody asks for it."""
        variables = environment(self.folder, self.server, ROOTLY_RETRIES="2")
        done = run_here(["sync", *options], self.folder, variables)
        assert done.status == 0, done.everything

    def rows(self, statement: str, *values: str) -> list[tuple[object, ...]]:
        """Carry out a statement on the DuckDB file."""
        with duckdb.connect(str(self.folder / "warehouse.duckdb")) as connection:
            return connection.execute(statement, values).fetchall()

    def is_marked(self, table: str, id_: str) -> bool:
        """Whether a row is marked as deleted."""
        query = f"SELECT _deleted_at IS NOT NULL FROM rootly.{table} WHERE id = ?"
        return self.rows(query, id_) == [(True,)]


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory, on_duckdb: Once) -> Iterator[Synced]:
    folder = tmp_path_factory.mktemp("options")
    shutil.copy(on_duckdb.folder / "warehouse.duckdb", folder)
    with serve(workspace(), requests_per_minute=100_000) as server:
        yield Synced(server, folder)


def test_a_span_reads_again_what_changed_in_it_and_nothing_else(synced: Synced) -> None:
    def changed(number: int) -> datetime:
        return datetime.fromisoformat(incidents[number].attributes["updated_at"])

    incidents = synced.server.workspace.records("incidents")
    incidents = sorted(incidents, key=lambda each: each.attributes["updated_at"])
    first, within, last = 0, len(incidents) // 2, -1
    lost = [incidents[each].id for each in (first, within, last)]
    synced.rows("DELETE FROM rootly.incidents WHERE id IN (?, ?, ?)", *lost)
    around = timedelta(minutes=1)
    assert changed(first) < changed(within) - around
    assert changed(within) + around < changed(last)
    synced.sync(
        *("--since", (changed(within) - around).isoformat()),
        *("--until", (changed(within) + around).isoformat()),
        "incidents",
    )
    found = {id_ for (id_,) in synced.rows("SELECT id FROM rootly.incidents")}
    assert found.isdisjoint({lost[0], lost[2]})
    assert lost[1] in found


def test_a_sweep_marks_what_is_gone_without_a_sign(synced: Synced) -> None:
    gone = synced.server.workspace.records("incidents")[1].id
    synced.server.workspace.delete("incidents", gone)
    synced.sync("--sweep", "incidents")
    assert synced.is_marked("incidents", gone)


def test_a_full_refresh_marks_what_is_gone_without_a_sign(synced: Synced) -> None:
    gone = synced.server.workspace.records("workflow_tasks")[0].id
    synced.server.workspace.delete("workflow_tasks", gone)
    synced.sync("--full-refresh", "workflow_tasks")
    assert synced.is_marked("workflow_tasks", gone)


def test_tables_that_are_named_are_read_and_no_other(synced: Synced) -> None:
    synced.rows("DELETE FROM rootly.causes")
    synced.rows("DELETE FROM rootly.environments")
    synced.sync("causes")
    assert synced.rows("SELECT count(*) > 0 FROM rootly.causes") == [(True,)]
    assert synced.rows("SELECT count(*) FROM rootly.environments") == [(0,)]
