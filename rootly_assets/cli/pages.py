"""Opens the dashboard, or a notebook, on the warehouse, or on that of the demo where there is no other yet."""

import os
import secrets
import sys
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console

from rootly_assets.cli.demo import FOLDER
from rootly_assets.cli.ports import is_free
from rootly_assets.cli.refusal import refused
from rootly_assets.installation import adding, command
from rootly_assets.sandbox.workspace import TIME_ZONE
from rootly_assets.settings import database_path, destination
from rootly_assets.warehouse.duckdb_reading import holds_tables
from rootly_assets.warehouse.reading import DatasetError


def open_dashboard(console: Console, *, port: int, headless: bool) -> int:
    """Become the dashboard, until Ctrl-C; returns only where it can't, with the exit status.

    Args:
        console: where to print.
        port: where it listens, on loopback.
        headless: open no browser.
    """
    if not _can_open(console, "dashboard", port):
        return 1
    page = str(files("rootly_assets.app") / "dashboard.py")
    return _become(console, "dashboard", ["run", page], port=port, headless=headless)


def open_notebook(console: Console, path: Path, *, port: int, headless: bool) -> int:
    """Become the editor of a notebook, a copy of ours where there is none yet; returns as above.

    Args:
        console: where to print.
        path: the notebook: yours from now on, never overwritten.
        port: where it listens, on loopback.
        headless: open no browser.
    """
    if not _can_open(console, "notebook", port):
        return 1
    if not path.exists():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes((files("rootly_assets.app") / "notebook.py").read_bytes())
        except OSError as error:
            return refused(console, "notebook", f"{path} can't be written: {error.strerror}.")
        console.print(
            f"A notebook to start from is now at [bold]{path}[/bold]: change it as you like."
        )
    return _become(console, "notebook", ["edit", str(path)], port=port, headless=headless)


def _become(console: Console, what: str, command: list[str], *, port: int, headless: bool) -> int:
    # A port of loopback is open to everybody on this machine; a list of processes to everybody, too.
    token = secrets.token_urlsafe(16)
    console.print(
        f"The {what} opens at [bold]http://127.0.0.1:{port}/?access_token={token}[/bold]; Ctrl-C ends it.",
        highlight=False,
        soft_wrap=True,
    )
    place = ["--host", "127.0.0.1", "--port", str(port)]
    full = [sys.executable, "-m", "marimo", "-q", *command, *place]
    full += ["--token-password-file", _readable_once(token), *(["--headless"] if headless else [])]
    sys.stdout.flush()
    # In place of this process, so that whoever ends it ends what it opened.
    return os.execv(sys.executable, full)  # noqa: S606 - it is our own interpreter


def _readable_once(text: str) -> str:
    """The path under which the program that takes this one's place can read a text, and nobody else."""
    read, write = os.pipe()
    os.set_inheritable(read, True)
    os.write(write, text.encode())
    os.close(write)
    return f"/dev/fd/{read}"


def _can_open(console: Console, what: str, port: int) -> bool:
    if find_spec("marimo") is None:
        refused(console, what, f"it needs marimo: {adding('app')}")
        return False
    return has_warehouse(console, what) and is_free(console, what, port)


def has_warehouse(console: Console, what: str) -> bool:
    """Whether there is something to look at; a DuckDB file without tables is said, or the demo's taken.

    Args:
        console: where to print.
        what: the command, as people call it.
    """
    if destination() != "duckdb":
        return True
    database = database_path()
    sample = (FOLDER / "warehouse.duckdb").absolute()
    try:
        if holds_tables(database):
            return True
        is_sample = holds_tables(sample)
    except DatasetError as error:
        refused(console, what, str(error))
        return False
    lacking = "is nothing in" if database.exists() else "is no"
    if is_sample:
        console.print(
            f"There {lacking} {os.path.relpath(database)} yet: this is the sample of `{command('demo')}`."
        )
        os.environ["ROOTLY_DUCKDB_PATH"] = str(sample)
        os.environ["ROOTLY_TIME_ZONE"] = os.environ.get("ROOTLY_TIME_ZONE") or TIME_ZONE.key
        return True
    refused(
        console,
        what,
        f"there {lacking} DuckDB file at {os.path.relpath(database)}. `{command('refresh')}` makes it, "
        f"`{command('demo')}` a sample; ROOTLY_DUCKDB_PATH names another.",
    )
    return False
