"""A sync in a process of its own that is killed (kill -9) on the way."""

import subprocess
import sys
import time
from pathlib import Path

from rootly_assets.sandbox import Server
from rootly_assets_tests.system.command_line import environment

SYNC = [sys.executable, "-m", "rootly_assets_tests.system.sync_once"]
LONGEST_WAIT = 60.0


def killed_sync(folder: Path, server: Server, *, requests: int, seconds: float = 0.0) -> int:
    """Sync, and kill the process some time after so many requests; its exit status."""
    server.forget_requests()
    with subprocess.Popen(
        SYNC,
        cwd=folder,
        env=environment(folder, server),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        deadline = time.monotonic() + LONGEST_WAIT
        while len(server.requests) < requests and process.poll() is None:
            assert time.monotonic() < deadline, "the sync makes no requests"
            time.sleep(0.001)
        time.sleep(seconds)
        process.kill()
        return process.wait()
