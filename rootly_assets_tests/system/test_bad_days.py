"""Bad days on the command line: one clear sentence with the remedy, no traceback, nothing lost."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from rootly_assets.cli.demo import FOLDER
from rootly_assets.sandbox import Server, Workspace, serve
from rootly_assets_tests.system.command_line import (
    Done,
    command,
    environment,
    run,
    run_here,
    with_manifest,
)

pytestmark = pytest.mark.exhaustive

# Runs a command where a folder is a disk of its own: size, folder, what to copy there, command.
ON_SMALL_DISK = 'mount -t tmpfs -o "size=$0" rootly "$1" && cp -a "$2" "$1" && shift 2 && exec "$@"'


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serve(Workspace.build(incidents=4), requests_per_minute=100_000) as running:
        yield running


def assert_said(done: Done, *words: str) -> None:
    """The command failed, its last line says why, and neither a trace nor the token is to be seen."""
    assert done.status == 1
    assert "Traceback" not in done.everything
    assert "sandbox-token" not in done.everything
    for word in words:
        assert word in done.last
    assert len(done.lines) == 1, "one sentence, told once"


def test_no_token(tmp_path: Path) -> None:
    done = run(command("sync"), tmp_path, environment(tmp_path))
    assert_said(done, "No Rootly API token", "set ROOTLY_API_TOKEN")


def test_a_wrong_token(tmp_path: Path, server: Server) -> None:
    changed = environment(tmp_path, server, ROOTLY_API_TOKEN="not-the-sandbox-token-9f2")
    done = run(command("refresh"), tmp_path, changed)
    assert_said(done, "does not accept the API token (401", "check ROOTLY_API_TOKEN")


def test_plain_http_to_a_foreign_host(tmp_path: Path, server: Server) -> None:
    changed = environment(tmp_path, server, ROOTLY_API_URL="http://rootly.example")
    done = run_here(["sync"], tmp_path, changed)
    assert_said(done, "http://rootly.example", "unencrypted", "use https://")


def test_a_host_that_nobody_knows(tmp_path: Path, server: Server) -> None:
    changed = environment(tmp_path, server, ROOTLY_API_URL="https://api.rootly.invalid")
    # A proxy, where this machine has one, would be asked for the name in our place.
    changed = {k: v for k, v in changed.items() if not k.lower().endswith("_proxy")}
    done = run_here(["sync"], tmp_path, changed)
    assert_said(done, "api.rootly.invalid", "is not known", "check ROOTLY_API_URL")


def test_a_port_on_which_nothing_listens(tmp_path: Path, server: Server) -> None:
    changed = environment(tmp_path, server, ROOTLY_API_URL="http://127.0.0.1:9")
    done = run_here(["sync"], tmp_path, changed)
    assert_said(done, "nothing listens at 127.0.0.1:9", "check ROOTLY_API_URL")


class AnswersWithAPage:
    """Middleware: a proxy's login page under a 200, whatever is asked."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        await HTMLResponse("<html><title>Please log in</title></html>")(scope, receive, send)


def test_a_web_page_in_place_of_the_api(tmp_path: Path) -> None:
    pages = [Middleware(AnswersWithAPage)]
    with serve(Workspace.build(incidents=0), middleware=pages) as proxy:
        done = run_here(["sync"], tmp_path, environment(tmp_path, proxy))
    assert_said(done, "answered 200, but with", "check ROOTLY_API_URL and any proxy")


def test_a_setting_that_is_no_number(tmp_path: Path, server: Server) -> None:
    changed = environment(tmp_path, server, ROOTLY_REQUESTS_PER_MINUTE="many")
    done = run_here(["sync"], tmp_path, changed)
    assert_said(done, "ROOTLY_REQUESTS_PER_MINUTE is 'many'", "whole number of at least 1")


def test_a_duckdb_file_that_another_process_has_open(tmp_path: Path, server: Server) -> None:
    file = tmp_path / "warehouse.duckdb"
    holding = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print(flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdin is not None
        holder.stdout.readline()
        done = run_here(["sync"], tmp_path, environment(tmp_path, server))
        holder.stdin.close()
    assert_said(done, str(file), f"is locked by process {holder.pid}", "close that one")


def test_a_file_that_is_no_duckdb_file(tmp_path: Path, server: Server) -> None:
    (tmp_path / "warehouse.duckdb").write_text("id,title\n" * 1000)
    done = run_here(["metrics"], tmp_path, environment(tmp_path, server))
    assert_said(done, "is not a DuckDB file", "ROOTLY_DUCKDB_PATH")


def test_a_second_demo_leaves_the_file_of_the_first_alone(tmp_path: Path) -> None:
    file = tmp_path / FOLDER / "warehouse.duckdb"
    file.parent.mkdir(parents=True)
    file.write_text("in use")
    with FileLock(file.parent / ".lock"):
        done = run_here(["demo"], tmp_path, environment(tmp_path))
    assert_said(done, "another one is under way in data/demo", "Ctrl-C")
    assert file.read_text() == "in use"


def test_a_folder_that_cannot_be_made(tmp_path: Path, server: Server) -> None:
    (tmp_path / "data").write_text("a file, where a folder should be")
    database = str(tmp_path / "data" / "deeper" / "warehouse.duckdb")
    changed = environment(tmp_path, server, ROOTLY_DUCKDB_PATH=database)
    done = run_here(["sync"], tmp_path, changed)
    assert_said(done, str(tmp_path / "data"), "ROOTLY_DUCKDB_PATH")


def on_small_disk(size: str, disk: Path, copied: Path, arguments: list[str]) -> list[str]:
    """The command with `disk` as a file system of its own, and a copy of `copied` on it."""
    disk.mkdir()
    try:
        subprocess.run(
            ["unshare", "-rm", "mount", "-t", "tmpfs", "rootly", str(disk)],
            check=True,
            capture_output=True,
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this machine lets nobody mount a file system, not even for one process")
    script = ["sh", "-c", ON_SMALL_DISK, size, str(disk), str(copied)]
    return ["unshare", "-rm", *script, *arguments]


def test_no_room_left_for_landing_files(tmp_path: Path, server: Server, manifest: Path) -> None:
    with_manifest(tmp_path, manifest)
    disk = tmp_path / "small"
    (tmp_path / "nothing").touch()
    changed = environment(tmp_path, server, ROOTLY_LANDING_DIR=str(disk / "landing"))
    limited = on_small_disk("24k", disk, tmp_path / "nothing", command("sync"))
    done = run(limited, tmp_path, changed)
    assert done.status == 1
    assert "Traceback" not in done.everything
    reasons = [line for line in done.lines if "full" in line]
    assert len(reasons) == 1, "told once, however many lists it stops"
    assert f"The disk that holds {disk}" in reasons[0]
    assert "ROOTLY_LANDING_DIR" in reasons[0]
    assert done.last.startswith("rootly_sync failed")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as connection:
        alerts, state = connection.execute(
            "SELECT (SELECT count(*) FROM warehouse.rootly.alerts), (SELECT count(*) FROM "
            "warehouse.rootly._rootly_sync WHERE table_name = 'alerts')"
        ).fetchall()[0]
    assert (alerts, state) == (0, 0), "rows that did not land all are not there in part"


def test_no_room_left_for_the_duckdb_file(tmp_path: Path, server: Server, manifest: Path) -> None:
    disk = tmp_path / "small"
    manifest_size = sum(file.stat().st_size for file in manifest.rglob("*") if file.is_file())
    changed = environment(disk, server, ROOTLY_LANDING_DIR=str(tmp_path / "landing"))
    size = str(manifest_size + 3_000_000)
    done = run(on_small_disk(size, disk, manifest, command("sync")), tmp_path, changed)
    assert done.status == 1
    assert "Traceback" not in done.everything
    reasons = [line for line in done.lines if "full" in line]
    assert len(reasons) == 1, "told once, however many lists it stops"
    assert f"The disk that holds {disk / 'warehouse.duckdb'} is full" in reasons[0]
    assert done.last.startswith("rootly_sync failed")
    assert not list((tmp_path / "landing").glob("*")), "landing files don't stay behind"
