"""The Dagster UI as `make dev` opens it, in processes of its own that all end with the `with` block."""

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from rootly_assets.sandbox import Server
from rootly_assets_tests.system.command_line import command

ROOT = Path(__file__).parents[2]
PATIENCE = 120.0  # seconds: a cold start on two busy cores
PAGES_PER_MINUTE = 1_000_000


def environment(server: Server, folder: Path) -> dict[str, str]:
    """What `make dev` would see: the sandbox as Rootly, everything that is written in `folder`."""
    home = folder / "dagster"
    home.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "dagster.yaml", home)
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("ROOTLY_")
    }
    return {
        **inherited,
        "DAGSTER_HOME": str(home),
        "DAGSTER_DISABLE_TELEMETRY": "1",
        "ROOTLY_API_URL": server.url,
        "ROOTLY_API_TOKEN": server.token,
        "ROOTLY_REQUESTS_PER_MINUTE": str(PAGES_PER_MINUTE),
        "ROOTLY_STEP_RETRY_DELAY": "0",
        "ROOTLY_DUCKDB_PATH": str(folder / "warehouse.duckdb"),
    }


@contextmanager
def dagster_ui(
    environment: Mapping[str, str], log: Path, *, killed: bool = False
) -> Generator[str]:
    """Run `make dev` on a free port of loopback; gives its URL once it answers.

    Args:
        environment: the whole environment of the processes.
        log: where their output goes.
        killed: end all of its processes with kill -9, as a machine that loses its power does.

    Raises:
        RuntimeError: as `wait_until_up`.
    """
    port = free_port()
    with log.open("wb") as output:
        # A session of its own: its daemon, code server and runs end with it, whatever happens here.
        process = subprocess.Popen(
            command("dev", "--port", str(port)),
            cwd=ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_up(url, process, log)
        yield url
    finally:
        if not killed:
            _ask_to_end(process)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)


def wait_until_up(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until the UI answers.

    Args:
        url: where.
        process: who should.
        log: where its output goes.

    Raises:
        RuntimeError: it has ended, or did not answer in time; with the end of its output.
    """
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        with suppress(OSError):
            urllib.request.urlopen(f"{url}/server_info", timeout=30).close()
            return
        time.sleep(0.2)
    raise RuntimeError(f"The Dagster UI did not come up:\n{log.read_text()[-3000:]}")


def _ask_to_end(process: "subprocess.Popen[bytes]") -> None:
    """Give the UI time to end its processes."""
    process.send_signal(signal.SIGINT)
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=10)


def free_port() -> int:
    """A port of loopback that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
