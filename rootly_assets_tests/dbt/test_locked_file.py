"""A DuckDB file that somebody looks into while dbt starts: dbt waits for as long as a sync would."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rootly_assets_tests.dbt.commands import PROJECT, Ended, run

pytestmark = pytest.mark.slow

READING = """
import duckdb, sys, time
duckdb.connect(sys.argv[1]).close()
with duckdb.connect(sys.argv[1], read_only=True):
    print(flush=True)
    time.sleep(float(sys.argv[2]))
"""


def asked_while_it_is_read(folder: Path, *, seconds: float, lock_wait: str) -> Ended:
    file = folder / "warehouse.duckdb"
    with subprocess.Popen(
        [sys.executable, "-c", READING, str(file), str(seconds)], stdout=subprocess.PIPE
    ) as reader:
        assert reader.stdout is not None
        reader.stdout.readline()
        ended = run(
            "dbt",
            [
                *("show", "--inline", "select 42 as answer", "--no-use-colors"),
                *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
                *("--target-path", str(folder / "target"), "--log-path", str(folder / "logs")),
            ],
            folder=folder,
            environment={
                **os.environ,
                "ROOTLY_DUCKDB_PATH": str(file),
                "ROOTLY_DUCKDB_LOCK_WAIT": lock_wait,
            },
            log=folder / "said",
        )
        reader.kill()
    return ended


def test_it_waits_until_the_file_is_free(tmp_path: Path) -> None:
    began = time.monotonic()
    ended = asked_while_it_is_read(tmp_path, seconds=12, lock_wait="")
    assert ended.status == 0, ended.output
    assert "42" in ended.output
    assert time.monotonic() - began > 12


def test_it_waits_no_longer_than_it_should(tmp_path: Path) -> None:
    ended = asked_while_it_is_read(tmp_path, seconds=120, lock_wait="0")
    assert ended.status != 0
    assert "lock" in ended.output
