"""Commands of dbt and MetricFlow, each in a process of its own.

To import them, and to parse the project, takes as long as to build it. Where DuckDB is asked, a command is a
fork of a process that has done both (`parsed_project.py`), and nothing else.
"""

import multiprocessing
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

_FORKED = multiprocessing.get_context("forkserver")
_FORKED.set_forkserver_preload(["rootly_assets_tests.dbt.parsed_project"])
# dbt's parser has threads of its own, which a fork does not have: who must parse begins anew.
_NEW = multiprocessing.get_context("spawn")

PATIENCE = 500.0  # seconds

Program = Literal["dbt", "mf"]


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it said."""

    status: int | None
    output: str


def run(
    program: Program,
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
    known = environment.get("ROOTLY_DESTINATION", "duckdb") == "duckdb"
    assert not known or Path(environment["ROOTLY_DUCKDB_PATH"]).stem == "warehouse", "as parsed"
    process = (_FORKED if known else _NEW).Process(
        target=_run,
        args=(program, list(arguments), str(folder), dict(environment), str(log), known),
    )
    process.start()
    process.join(PATIENCE)
    if process.exitcode is None:
        process.kill()
        process.join()
    return Ended(process.exitcode, log.read_text())


def _run(
    program: Program,
    arguments: list[str],
    folder: str,
    environment: dict[str, str],
    log: str,
    known: bool,
) -> None:
    """What the process does."""
    with Path(log).open("wb") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    if program == "mf":
        from dbt_metricflow.cli.main import cli

        cli(arguments, prog_name="mf")
    from dbt.cli.main import dbtRunner

    manifest = None
    if known:
        from rootly_assets_tests.dbt.parsed_project import MANIFEST

        manifest = MANIFEST
    done = dbtRunner(manifest=manifest).invoke(arguments)
    raise SystemExit(0 if done.success else 1)
