"""Measures: a block of this process from inside, and a whole process from outside."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

FIGURES = "figures.json"
LOG = "process.log"


@dataclass(frozen=True, slots=True)
class Measured:
    """What something took.

    Attributes:
        seconds: wall time.
        cpu_seconds: user and system time of the process and its children.
        peak_mb: most resident memory of the largest process, in 10^6 bytes; 0 for a block.
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float = 0.0


@contextmanager
def measured_block(folder: Path) -> Generator[None]:
    """Measure the block and leave the figures in the folder, for the process that measures."""
    began, cpu = time.perf_counter(), _cpu()
    yield
    figures = {"seconds": time.perf_counter() - began, "cpu_seconds": _cpu() - cpu}
    (folder / FIGURES).write_text(json.dumps(figures))


def block_figures(folder: Path) -> Measured | None:
    """What `measured_block` left in the folder; None where nothing was measured from inside."""
    path = folder / FIGURES
    return Measured(**json.loads(path.read_text())) if path.exists() else None


def measured_process(
    command: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    output: Path | None = None,
) -> Measured:
    """Run a process to its end; what it says goes to a log in the folder.

    Args:
        command: what to run.
        folder: takes the log.
        environment: of the process, beside what is there.
        output: takes standard output, where that is more than something said.

    Memory is the kernel's own high-water mark of the largest process (a child's is never below its
    parent's at the start, so that the process that measures must stay small).

    Raises:
        RuntimeError: it failed; with the end of its log.
    """
    began = time.perf_counter()
    with (folder / LOG).open("wb") as log, (output or folder / LOG).open("ab") as said:
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=said, stderr=log
        )
        # Unlike RUSAGE_CHILDREN this is of this one child (and its children) alone.
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        end = (folder / LOG).read_text(errors="replace")[-3000:]
        raise RuntimeError(f"{' '.join(command[:4])} … ended with {process.returncode}:\n{end}")
    unit = 1 if sys.platform == "darwin" else 1024
    peak_mb = usage.ru_maxrss * unit / 1e6
    return Measured(seconds, usage.ru_utime + usage.ru_stime, peak_mb)


def _cpu() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)
