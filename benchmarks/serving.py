"""The served workspace as the process that measures sees it."""

import json
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any


class Served:
    """A workspace that another process serves.

    Attributes:
        url: base URL.
        token: the bearer token it accepts.
        truth: folder with what it serves.
        record_bytes: mean size of a record by table.
    """

    def __init__(self, process: subprocess.Popen[str], truth: Path) -> None:
        self._process = process
        self.truth = truth
        ready = self._read()
        self.url: str = ready["url"]
        self.token: str = ready["token"]
        self.record_bytes: dict[str, int] = ready["record_bytes"]

    def requests(self) -> dict[str, int]:
        """Requests by path since this was asked last."""
        return self.told("requests")

    def told(self, order: str) -> dict[str, Any]:
        """What the server answers to an order."""
        _pipe(self._process.stdin).write(f"{order}\n")
        _pipe(self._process.stdin).flush()
        return self._read()

    def _read(self) -> dict[str, Any]:
        line = _pipe(self._process.stdout).readline()
        if not line:
            raise RuntimeError("The server ended; its last words are above.")
        message: dict[str, Any] = json.loads(line)
        return message


@contextmanager
def served(
    folder: Path,
    *,
    incidents: int,
    alerts: int,
    module: str = "benchmarks.server",
    options: Sequence[str] = (),
) -> Generator[Served]:
    """Serve a workspace from another process until the block ends.

    Args:
        folder: gets the truth.
        incidents: how many.
        alerts: how many.
        module: which server.
        options: of that server, beside these.
    """
    truth = folder / "truth"
    command = [sys.executable, "-m", module, "--truth", str(truth), *options]
    command += ["--incidents", str(incidents), "--alerts", str(alerts)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield Served(process, truth)
    finally:
        _pipe(process.stdin).close()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _pipe(process.stdout).close()


def _pipe(stream: IO[str] | None) -> IO[str]:
    assert stream is not None, "the process was started with pipes"
    return stream
