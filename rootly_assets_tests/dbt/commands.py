"""Commands of dbt and MetricFlow, each in a process of its own.

To import them, and to parse the project, takes as long as to build it. Where DuckDB is asked, a command is a
fork of a process that has done both (`forks.py`).
"""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

REPOSITORY = Path(__file__).parents[2]
PROJECT = REPOSITORY / "dbt_project"
MODULES = {"dbt": "dbt.cli.main", "mf": "dbt_metricflow.cli.main"}


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    status: int
    output: str


def run(
    program: Literal["dbt", "mf"],
    arguments: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    log: Path,
) -> Ended:
    """Run a command to its end.

    Args:
        program: dbt, or MetricFlow's `mf`.
        arguments: what follows its name.
        folder: where it works.
        environment: the whole of it.
        log: takes what it says.
    """
    if environment.get("ROOTLY_DESTINATION", "duckdb") == "duckdb":
        assert Path(environment["ROOTLY_DUCKDB_PATH"]).stem == "warehouse", "as it was parsed"
        asked = {
            "program": program,
            "arguments": list(arguments),
            "folder": str(folder),
            "environment": dict(environment),
            "log": str(log),
        }
        status = _forked(json.dumps(asked))
    else:
        with log.open("wb") as said:
            status = subprocess.run(
                [sys.executable, "-m", MODULES[program], *arguments],
                cwd=folder,
                env=dict(environment),
                stdout=said,
                stderr=subprocess.STDOUT,
                check=False,
            ).returncode
    return Ended(status, log.read_text())


def _forked(asked: str) -> int:
    server = _server()
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(asked + "\n")
    server.stdin.flush()
    answer = server.stdout.readline()
    assert answer, "the process that forks has ended"
    return int(answer)


@cache
def _server() -> "subprocess.Popen[str]":
    """The process that forks; it ends with this one, whose end of the pipe closes then."""
    return subprocess.Popen(
        [sys.executable, "-m", "rootly_assets_tests.dbt.forks"],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
