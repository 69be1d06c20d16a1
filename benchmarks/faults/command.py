"""`python -m benchmarks faults`: which rows each contender lacks after a bad day, and whether it says so."""

import argparse
import os
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.middleware import Middleware

from benchmarks import airbyte_cdk, contenders
from benchmarks.contenders import AIRBYTE, DOCUMENT, SYNC, TUNED, Contender
from benchmarks.faults.counting import Found, compared, served
from benchmarks.faults.fault import FAULTS, Between, Day, Fault
from benchmarks.report import Part, Section
from benchmarks.server import REQUESTS_PER_MINUTE
from benchmarks.stopwatch import LOG
from benchmarks.workspace import build
from rootly_assets.sandbox import Server, serve

TITLE = "Bad days"
EXPLANATION = (
    "Each contender reads incidents and alerts from a server that has the fault, then once more "
    "when it is over (refused pages and the rate limit stay), each time as a process of its own. "
    "Missing are records that the server had all the time; stale are rows older than the server's "
    "own when the run had ended, left are rows of records that it has no more and that are not "
    "marked as deleted. “Silent” is a run that ends with 0 although rows are missing or twice. The "
    "generic loader reads everything both times; ours and airbyte-cdk read what changed. Messages "
    "of airbyte-cdk that repeat a record are left to a destination to merge."
)
COLUMNS = ("contender", "ended", "missing", "twice", "stale", "left", "afterwards")
TIRED = 240  # seconds, after which nobody waits any longer
PARTICIPANTS = (SYNC, TUNED, DOCUMENT, AIRBYTE)


@dataclass(frozen=True, slots=True)
class Run:
    """One run: how it ended, and what there was then."""

    ended: str
    found: Found


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Sizes, and who runs."""
    names = ",".join(each.name for each in PARTICIPANTS)
    parser.add_argument("--incidents", type=int, default=1_000, help="how many are served")
    parser.add_argument("--alerts", type=int, default=3_000, help="how many are served")
    parser.add_argument("--contenders", default=names, help=f"who runs, of {names}")
    parser.add_argument("--faults", default="", help="words of the faults that are wanted")


def measure(options: argparse.Namespace, say: Callable[[str], None]) -> Section:
    """Every fault, every contender, on a workspace of its own each time."""
    chosen = contenders.named(options.contenders, among=PARTICIPANTS)
    if AIRBYTE in chosen:
        airbyte_cdk.install()
    parts: list[Part] = []
    for fault in FAULTS:
        if options.faults not in fault.title:
            continue
        cells: list[Sequence[str]] = []
        for contender in chosen:
            first, second = runs(fault, contender, options.incidents, options.alerts)
            cells.append(_cells(contender, first, second))
            say(f"{fault.title}, {contender.title}: {first.ended}, {first.found.missing} missing")
        parts.append(Part(fault.title, COLUMNS, cells))
    return Section(TITLE, EXPLANATION, parts)


def runs(fault: Fault, contender: Contender, incidents: int, alerts: int) -> tuple[Run, Run]:
    """Under the fault, and once more afterwards."""
    workspace = build(incidents=incidents, alerts=alerts)
    day = Day(workspace, fault.meddle)
    settings: dict[str, Any] = {"requests_per_minute": REQUESTS_PER_MINUTE, **fault.settings}
    between = [Middleware(Between, day=day)]
    with (
        tempfile.TemporaryDirectory(prefix="rootly-assets-faults-") as name,
        serve(workspace, middleware=between, **settings) as server,
    ):
        folder = Path(name) / "runs" / contender.name
        contenders.prepare(contender, folder)
        output = folder / contender.output
        done: list[Run] = []
        before = served(workspace)
        for _ in range(2):
            status = run(contender, server, folder)
            found = compared(contender, output, before, served(workspace))
            done.append(Run(_ended(status, found), found))
            day.is_over = True
            before = served(workspace)
    return done[0], done[1]


def run(contender: Contender, server: Server, folder: Path) -> int | None:
    """Run a contender; its exit status, or None where it took too long."""
    command = contenders.command(contender, server, folder)
    output = folder / contender.output
    if contender is AIRBYTE:
        states = list(airbyte_cdk.messages(output, "STATE")) if output.exists() else []
        latest = {each["stream"]["stream_descriptor"]["name"]: each for each in states}
        command = airbyte_cdk.command(server.url, server.token, folder, state=list(latest.values()))
    said = output if contender is AIRBYTE else folder / LOG
    environment = {**os.environ, **contenders.environment(contender, server, folder)}
    with said.open("ab") as out, (folder / LOG).open("ab") as log:
        try:
            return subprocess.run(
                command, env=environment, stdout=out, stderr=log, check=False, timeout=TIRED
            ).returncode
        except subprocess.TimeoutExpired:
            return None


def _ended(status: int | None, found: Found) -> str:
    if status is None:
        return f"not within {TIRED} s"
    if status:
        return "with an error"
    return "silent" if found.missing or found.twice else "well"


def _cells(contender: Contender, first: Run, second: Run) -> Sequence[str]:
    found, later = first.found, second.found
    counts = (found.missing, found.twice, found.stale, found.left)
    wrong = {
        "missing": later.missing,
        "twice": later.twice,
        "stale": later.stale,
        "left": later.left,
    }
    afterwards = ", ".join(f"{count:,} {name}" for name, count in wrong.items() if count)
    if second.ended.startswith(("with", "not")):
        afterwards = f"{second.ended}; {afterwards}".removesuffix("; ")
    return (
        contender.title,
        first.ended,
        *(f"{each:,}" for each in counts),
        afterwards or "as served",
    )
