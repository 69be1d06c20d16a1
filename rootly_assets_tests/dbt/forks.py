"""Runs commands of dbt and MetricFlow as forks of itself: it has imported both, and parsed the project, once.

A line of JSON on standard input asks for a command, a line on standard output says how it ended. What a command
parses itself it must not ask for here: dbt's parser has threads, which a fork does not have.
"""

import json
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

import dbt_metricflow.cli.main
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest

from rootly_assets_tests.dbt.commands import PROJECT
from rootly_assets_tests.dbt.parsed import parsed, place_of_parsing

PATIENCE = 500  # seconds


def main() -> None:
    """Take what was parsed for a DuckDB file named `warehouse.duckdb`, then do what is asked for."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever is printed here is no answer
    manifest = known()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os._exit(run(json.loads(line), manifest))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), file=answers, flush=True)


def known() -> Manifest:
    """What dbt knows of the project."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(parsed() / "partial_parse.msgpack", folder)
        os.environ["ROOTLY_DUCKDB_PATH"] = str(place_of_parsing() / "warehouse.duckdb")
        done = dbtRunner().invoke(
            [
                *("parse", "--quiet", "--target", "duckdb"),
                *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
                *("--target-path", folder, "--log-path", folder),
            ]
        )
    if not isinstance(done.result, Manifest):
        raise TypeError(f"dbt can't parse the project: {done.exception or done.result}")
    return done.result


def run(asked: dict[str, object], manifest: Manifest) -> int:
    """Run one command in this process; its exit status."""
    signal.alarm(PATIENCE)
    with Path(str(asked["log"])).open("wb") as said:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
    os.chdir(str(asked["folder"]))
    os.environ.clear()
    os.environ.update(asked["environment"])  # type: ignore[arg-type]
    arguments: list[str] = asked["arguments"]  # type: ignore[assignment]
    status: object = 1
    try:
        if asked["program"] == "mf":
            dbt_metricflow.cli.main.cli(arguments, prog_name="mf")
        else:
            status = 0 if dbtRunner(manifest=manifest).invoke(arguments).success else 1
    except SystemExit as ended:
        status = ended.code or 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return status if isinstance(status, int) else 1


if __name__ == "__main__":
    main()
