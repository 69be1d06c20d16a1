"""Runs the contenders, round after round, and keeps what each run took."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from types import MappingProxyType

from benchmarks import airbyte_cdk, contenders
from benchmarks.contenders import AIRBYTE, Contender
from benchmarks.serving import Served, served
from benchmarks.stopwatch import Measured, block_figures, measured_process

PAGE = 100

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class RunFigures:
    """One run of one contender.

    Attributes:
        process: of the whole process, from start to exit.
        inside: of its work alone, imports and start-up left out; None where it is not told.
        rows: by table, as verified.
        requests: by path.
        output_mb: size of the DuckDB file, or of the messages, in 10^6 bytes.
    """

    process: Measured
    inside: Measured | None
    rows: dict[str, int]
    requests: dict[str, int]
    output_mb: float


@dataclass(frozen=True, slots=True)
class Summary:
    """Medians over the runs of one contender."""

    contender: Contender
    runs: int
    seconds: float
    cpu_seconds: float
    cpu_inside: float | None
    peak_mb: float
    output_mb: float
    rows: int
    requests: int

    @property
    def rows_per_second(self) -> float:
        """Records a second of wall time, of the whole process."""
        return self.rows / self.seconds


@dataclass(frozen=True, slots=True)
class Results:
    """What a bench found.

    Attributes:
        incidents, alerts: how many were served.
        record_bytes: mean size of a record by table.
        summaries: in the order of the contenders.
        most_requests: the most requests that a good client makes for the two lists.
    """

    incidents: int
    alerts: int
    record_bytes: dict[str, int]
    summaries: list[Summary]
    most_requests: int


def bench(
    folder: Path,
    *,
    incidents: int,
    alerts: int,
    runs: int,
    chosen: Sequence[Contender] = contenders.ALL,
    warm_up: bool = True,
    say: Say = lambda _: None,
) -> Results:
    """Serve, run every contender `runs` times in turn, verify each run.

    Args:
        folder: for databases and logs; anything there is replaced.
        incidents: how many are served.
        alerts: how many are served.
        runs: of each contender.
        chosen: who runs.
        warm_up: whether everybody first runs once on a tiny workspace, uncounted, so that bytecode
            is there as it is on any machine that is in use.
        say: takes lines about the progress.

    Raises:
        RuntimeError: a contender failed, or loaded something other than what was served.
    """
    if AIRBYTE in chosen:
        airbyte_cdk.install()
    if warm_up:
        say("warming up")
        with served(folder / "warm_up", incidents=50, alerts=100) as server:
            for contender in chosen:
                run(contender, server, folder / "runs" / contender.name)
    kept: dict[Contender, list[RunFigures]] = {contender: [] for contender in chosen}
    say(f"making {incidents:,} incidents and {alerts:,} alerts")
    with served(folder, incidents=incidents, alerts=alerts) as server:
        for number in range(1, runs + 1):
            for contender in chosen:
                figures = run(contender, server, folder / "runs" / contender.name)
                kept[contender].append(figures)
                say(
                    f"run {number} of {runs}, {contender.title}: "
                    f"{figures.process.cpu_seconds:.1f} CPU s"
                )
        return Results(
            incidents=incidents,
            alerts=alerts,
            record_bytes=server.record_bytes,
            summaries=[_summary(contender, figures) for contender, figures in kept.items()],
            most_requests=sum(-(-count // PAGE) + 1 for count in (incidents, alerts)),
        )


def run(contender: Contender, server: Served, folder: Path) -> RunFigures:
    """Run one contender once, and verify what it loaded."""
    contenders.prepare(contender, folder)
    server.requests()
    process = measured_process(
        contenders.command(contender, server, folder),
        folder=folder,
        environment=contenders.environment(contender, server, folder),
        output=folder / contender.output if contender is AIRBYTE else None,
    )
    requests = server.requests()
    output = folder / contender.output
    figures = RunFigures(
        process=process,
        inside=block_figures(folder),
        rows=verified(contender, output, server.truth),
        requests=requests,
        output_mb=output.stat().st_size / 1e6,
    )
    output.unlink()
    return figures


def verified(contender: Contender, output: Path, truth: Path) -> dict[str, int]:
    """Rows by table, once they are known to be those that were served.

    Raises:
        RuntimeError: they are not.
    """
    arguments = ["--layout", contender.layout, "--output", str(output), "--truth", str(truth)]
    return verified_apart(contender, "benchmarks.verification", arguments)


def verified_apart(
    contender: Contender,
    module: str,
    arguments: Sequence[str],
    environment: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, int]:
    """Rows by table, as a module says that compares in a process of its own.

    Args:
        contender: whose rows they are.
        module: prints the rows as JSON, and fails where they are not those that were served.
        arguments: of the module.
        environment: of the module, beside what is there.

    Raises:
        RuntimeError: they are not.
    """
    process = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if process.returncode != 0:
        raise RuntimeError(f"{contender.title} loaded something else: {process.stderr.strip()}")
    rows: dict[str, int] = json.loads(process.stdout)
    return rows


def _summary(contender: Contender, figures: Sequence[RunFigures]) -> Summary:
    inside = [each.inside.cpu_seconds for each in figures if each.inside]
    return Summary(
        contender=contender,
        runs=len(figures),
        seconds=median(each.process.seconds for each in figures),
        cpu_seconds=median(each.process.cpu_seconds for each in figures),
        cpu_inside=median(inside) if inside else None,
        peak_mb=max(each.process.peak_mb for each in figures),
        output_mb=median(each.output_mb for each in figures),
        rows=sum(figures[-1].rows.values()),
        # Of the lists: asking for the time is not reading one.
        requests=max(
            sum(count for path, count in each.requests.items() if path != "/v1/users/me")
            for each in figures
        ),
    )
