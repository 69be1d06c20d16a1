"""A Celery worker as deployments have it, and Redis as its broker: real processes, gone when a block ends."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def redis(folder: Path) -> Iterator[dict[str, str]]:
    """A Redis server on loopback; yields the variables that make it Celery's broker."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("Redis is not installed: apt-get install redis-server")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    settings = ("--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder))
    with (folder / "redis.log").open("wb") as log:
        server = subprocess.Popen([program, "--port", str(port), *settings], stdout=log, stderr=log)
    try:
        _wait_for(folder / "redis.log", "Ready to accept connections", server)
        yield {
            "CELERY_BROKER_URL": f"redis://127.0.0.1:{port}/0",
            "CELERY_RESULT_BACKEND": f"redis://127.0.0.1:{port}/1",
        }
    finally:
        server.terminate()
        server.wait(30)


@contextmanager
def worker(folder: Path, variables: Mapping[str, str], *, processes: int) -> Iterator[Path]:
    """A worker that has taken up work; yields its log."""
    log = folder / "worker.log"
    command = [str(Path(sys.executable).with_name("dagster-celery")), "worker", "start"]
    options = ("-A", "dagster_celery.app", "-i", "rootly_assets.definitions")
    # It looks for `celery` on the PATH.
    path = f"{Path(sys.executable).parent}{os.pathsep}{variables.get('PATH', '')}"
    with log.open("wb") as output:
        started = subprocess.Popen(
            [*command, *options, "--", f"--concurrency={processes}"],
            cwd=folder,
            env={**variables, "PATH": path, "C_FORCE_ROOT": "1"},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _wait_for(log, " ready.", started)
        yield log
    finally:
        # All of its group: the command that was started waits for Celery, which waits for its processes.
        os.killpg(started.pid, signal.SIGTERM)
        started.wait(60)


def _wait_for(log: Path, words: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while words not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)
