"""`rootly-assets dev` in a checkout, without its Makefile: it opens, and leaves nothing behind when it ends."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from rootly_assets_tests.system.command_line import command, environment
from rootly_assets_tests.ui.dagster_ui import ROOT, free_port, wait_until_up

# The UI's tests start the same command, in a folder that was synced.
pytestmark = pytest.mark.exhaustive

PATIENCE = 40.0  # seconds for all of its processes to end
# As a shell starts what it starts in the background.
WITHOUT_CTRL_C = ["sh", "-c", "trap '' INT; exec \"$@\"", "sh"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose Dagster home nobody else has."""
    for name in ("Makefile", "dagster.yaml", "pyproject.toml", "workspace.yaml"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("rootly_assets", "dbt_project"):
        unneeded = shutil.ignore_patterns("target", "logs", ".user.yml")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=unneeded)
    return tmp_path


def of_session(leader: int) -> Iterator[int]:
    """The processes of a session that still go on."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                _, _, rest = (folder / "stat").read_text().rpartition(")")
                state, _, _, session = rest.split()[:4]
                if int(session) == leader and state != "Z":
                    yield int(folder.name)


def test_it_opens_and_leaves_nothing_behind(checkout: Path) -> None:
    port = free_port()
    variables = environment(
        checkout, PYTHONPATH=str(checkout), ROOTLY_API_TOKEN="any", DAGSTER_HOME=""
    )
    log = checkout / "ui.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*WITHOUT_CTRL_C, *command("dev", "--port", str(port))],
            cwd=checkout,
            env=variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        wait_until_up(f"http://127.0.0.1:{port}", process, log)
        assert (checkout / ".dagster" / "dagster.yaml").exists()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE) == 0
        deadline = time.monotonic() + PATIENCE
        while list(of_session(process.pid)) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert list(of_session(process.pid)) == []
    finally:
        for left in of_session(process.pid):
            os.kill(left, signal.SIGKILL)
