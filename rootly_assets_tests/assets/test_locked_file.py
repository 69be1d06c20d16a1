"""Somebody opens the DuckDB file in the seconds in which dbt starts: dbt waits, or it is said who has it."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from rootly_assets.catalogue import Endpoint
from rootly_assets.sensors import failure_reason
from rootly_assets.warehouse.duckdb import DuckDBWarehouse
from rootly_assets_tests.assets.conftest import configured

pytestmark = pytest.mark.exhaustive

HOLDING = """
import duckdb, sys
with duckdb.connect(sys.argv[1], read_only=True):
    print(flush=True)
    input()
"""


class Held:
    """The file, open in another process from when it was prepared for dbt to when it is prepared again."""

    def __init__(self, *, is_let_go: bool) -> None:
        self.is_let_go = is_let_go
        self.holder: subprocess.Popen[bytes] | None = None

    def before_dbt(self, prepare: Any) -> Any:
        """`DuckDBWarehouse.prepare`, and the other process."""

        def prepared(warehouse: DuckDBWarehouse, endpoints: Sequence[Endpoint]) -> None:
            if self.holder is not None and self.is_let_go:
                self.let_go()
            prepare(warehouse, endpoints)
            if self.holder is None:
                self.holder = subprocess.Popen(
                    [sys.executable, "-c", HOLDING, warehouse.database],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                )
                assert self.holder.stdout is not None
                self.holder.stdout.readline()

        return prepared

    def let_go(self) -> None:
        """End the other process."""
        assert self.holder is not None
        self.holder.communicate(b"\n")


@pytest.fixture
def folder(manifest: Path, tmp_path: Path) -> Iterator[Path]:
    with configured(tmp_path, manifest) as patch:
        patch.setenv("ROOTLY_COLUMN_LINEAGE", "false")
        patch.setenv("ROOTLY_DUCKDB_LOCK_WAIT", "0")
        yield tmp_path


def built_while(held: Held) -> dg.ExecuteInProcessResult:
    from rootly_assets.definitions import defs

    with ExitStack() as stack:
        instance = stack.enter_context(dg.DagsterInstance.ephemeral())
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(DuckDBWarehouse, "prepare", held.before_dbt(DuckDBWarehouse.prepare))
        return (
            defs()
            .resolve_implicit_global_asset_job_def()
            .execute_in_process(
                asset_selection=[dg.AssetKey(["staging", "stg_rootly__severities"])],
                instance=instance,
                raise_on_error=False,
            )
        )


@pytest.mark.usefixtures("folder")
def test_dbt_waits_for_it() -> None:
    assert built_while(Held(is_let_go=True)).success


@pytest.mark.usefixtures("folder")
def test_it_is_said_who_has_it_open() -> None:
    held = Held(is_let_go=False)
    ended = built_while(held)
    assert held.holder is not None
    held.let_go()
    (failed,) = [event for event in ended.all_events if event.is_step_failure]
    said = failure_reason(failed)
    assert said.startswith("The DuckDB file ")
    assert f"is locked by process {held.holder.pid}" in said
    assert "\n" not in said
