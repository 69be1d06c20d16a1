"""A run waits for another one, and says what to do where it would wait for ever."""

import io
import shutil
import threading
import time
from pathlib import Path

import dagster as dg
import pytest
from rich.console import Console

from rootly_assets.cli.other_runs import make_way
from rootly_assets_tests.dbt.commands import REPOSITORY


def test_of_one_that_an_older_version_began_it_is_said_how_to_end_the_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It bears no tag that tells whether its process is there."""
    shutil.copy(REPOSITORY / "dagster.yaml", tmp_path)
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    said = io.StringIO()
    with dg.DagsterInstance.get() as instance:
        run = instance.add_run(
            dg.DagsterRun(job_name="rootly_sync", status=dg.DagsterRunStatus.STARTED)
        )
        instance.event_log_storage.set_concurrency_slots("warehouse", 1)
        instance.event_log_storage.claim_concurrency_slot("warehouse", run.run_id, "rootly_alerts")
        waiting = threading.Thread(
            target=make_way, args=(Console(file=said), instance), daemon=True
        )
        waiting.start()
        while f"dagster run delete {run.run_id}" not in said.getvalue():
            assert waiting.is_alive(), said.getvalue()
            time.sleep(0.05)
        instance.delete_run(run.run_id)
        waiting.join(timeout=30)
        assert not waiting.is_alive()
