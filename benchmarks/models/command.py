"""`python -m benchmarks models`: what building the models of a very large workspace takes."""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb

from benchmarks.report import Part, Section
from benchmarks.stopwatch import Measured, measured_process

TITLE = "Building the models"
EXPLANATION = (
    "`dbt build` with all tests of data (unit tests left out, as in every refresh) into the same "
    "DuckDB file, as a process of its own; the time it takes to start is in it. A company of the "
    "sandbox is synced, and repeated by SQL under other ids: divisions side by side, ten half "
    "years of each. Columns that no model reads are empty."
)
PROJECT = Path(__file__).parents[2] / "dbt_project"
SLOWEST = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sizes, so that it can be tried with less."""
    parser.add_argument("--incidents", type=int, default=1_000_000)
    parser.add_argument("--alerts", type=int, default=5_000_000)
    parser.add_argument("--template", type=int, default=400, help="incidents of half a year")


def measure(options: argparse.Namespace, say: Callable[[str], None]) -> Section:
    """Make the tables, build, and see which models took longest."""
    with tempfile.TemporaryDirectory(prefix="rootly-assets-models-") as name:
        folder = Path(name)
        database, template = folder / "warehouse.duckdb", folder / "template.duckdb"
        say(f"reading a company with {options.template:,} incidents in half a year")
        command = [sys.executable, "-m", "benchmarks.models.template"]
        command += ["--incidents", str(options.template), "--database", str(template)]
        subprocess.run(command, check=True)
        say(f"repeating it: {options.incidents:,} incidents and {options.alerts:,} alerts")
        grow_apart(database, template, options)
        raw_mb = database.stat().st_size / 1e6
        say("building")
        whole = build(database, folder)
        parts = [
            _whole(whole, raw_mb, database.stat().st_size / 1e6, counted(database)),
            _slowest(folder / "target" / "run_results.json"),
        ]
    return Section(f"{TITLE} of {options.incidents:,} incidents", EXPLANATION, parts)


def grow_apart(database: Path, template: Path, options: argparse.Namespace) -> None:
    """Make the tables in a process of its own, whose memory dbt does not inherit."""
    program = (
        "from pathlib import Path; from benchmarks.models.growing import grow; "
        f"grow(Path({str(database)!r}), Path({str(template)!r}), "
        f"incidents={options.incidents}, alerts={options.alerts})"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def build(database: Path, folder: Path) -> Measured:
    """Run dbt.

    Raises:
        RuntimeError: a model or a test failed; with the end of what dbt said.
    """
    command = [sys.executable, "-m", "dbt.cli.main", "build", "--no-use-colors"]
    command += ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)]
    command += ["--target-path", str(folder / "target"), "--log-path", str(folder / "logs")]
    command += ["--exclude-resource-type", "unit_test"]
    environment = {"ROOTLY_DUCKDB_PATH": str(database), "ROOTLY_DESTINATION": "duckdb"}
    return measured_process(command, folder=folder, environment=environment)


def counted(database: Path) -> dict[str, int]:
    """Rows of some raw tables and of the facts that are made of them."""
    names = ("rootly.incidents", "rootly.alerts", "rootly.alert_events", "marts.fct_incidents")
    with duckdb.connect(str(database), read_only=True) as connection:
        return {
            name: row[0]
            for name in (*names, "marts.fct_alerts", "marts.fct_interruptions")
            if (row := connection.execute(f"SELECT count(*) FROM {name}").fetchone())
        }


def _whole(whole: Measured, raw_mb: float, built_mb: float, rows: dict[str, int]) -> Part:
    return Part(
        f"{rows['rootly.incidents']:,} incidents and {rows['rootly.alerts']:,} alerts",
        ("wall s", "CPU s", "peak MB", "raw tables MB", "with models MB"),
        [
            (
                f"{whole.seconds:,.0f}",
                f"{whole.cpu_seconds:,.0f}",
                f"{whole.peak_mb:,.0f}",
                f"{raw_mb:,.0f}",
                f"{built_mb:,.0f}",
            )
        ],
        [f"{name}: {count:,} rows" for name, count in rows.items()],
    )


def _slowest(results: Path) -> Part:
    """Wall time by node; two run side by side."""
    nodes = [
        (each["unique_id"].partition(".")[2].removeprefix("rootly."), each["execution_time"])
        for each in json.loads(results.read_text())["results"]
    ]
    nodes.sort(key=lambda each: -each[1])
    total = sum(seconds for _, seconds in nodes)
    rows = [(name, f"{seconds:,.1f}") for name, seconds in nodes[:SLOWEST]]
    return Part(
        f"What took longest, of {len(nodes)} models and tests",
        ("model or test", "wall s"),
        rows,
        [f"all of them, one after the other: {total:,.0f} s"],
    )
