"""Opens the dashboard, or a notebook, on the warehouse, or on that of the demo where there is no other yet."""

import os
import sys
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console

from rootly_assets.cli.demo import FOLDER
from rootly_assets.sandbox.workspace import TIME_ZONE
from rootly_assets.settings import database_path, destination


def open_dashboard(console: Console, *, port: int, headless: bool) -> int:
    """Become the dashboard, until Ctrl-C; returns only where it can't, with the exit status.

    Args:
        console: where to print.
        port: where it listens, on loopback.
        headless: open no browser.
    """
    if not _can_open(console, "dashboard"):
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
    if not _can_open(console, "notebook"):
        return 1
    if not path.exists():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes((files("rootly_assets.app") / "notebook.py").read_bytes())
        except OSError as error:
            console.print(
                f"[red]✗ notebook[/red]: {path} can't be written: {error.strerror}.",
                highlight=False,
                soft_wrap=True,
            )
            return 1
        console.print(
            f"A notebook to start from is now at [bold]{path}[/bold]: change it as you like."
        )
    return _become(console, "notebook", ["edit", str(path)], port=port, headless=headless)


def _become(console: Console, what: str, command: list[str], *, port: int, headless: bool) -> int:
    console.print(f"The {what} opens at [bold]http://127.0.0.1:{port}[/bold]; Ctrl-C ends it.")
    full = [sys.executable, "-m", "marimo", "-q", *command, "--host", "127.0.0.1"]
    full += ["--port", str(port), "--no-token", *(["--headless"] if headless else [])]
    sys.stdout.flush()
    # In place of this process, so that whoever ends it ends what it opened.
    return os.execv(sys.executable, full)  # noqa: S606 - it is our own interpreter


def _can_open(console: Console, what: str) -> bool:
    if find_spec("marimo") is None:
        console.print(
            f"[red]✗ {what}[/red]: it needs marimo: pip install 'rootly-assets\\[app]'",
            highlight=False,
        )
        return False
    return has_warehouse(console, what)


def has_warehouse(console: Console, what: str) -> bool:
    """Whether there is something to look at; a DuckDB file that is missing is said, or the demo's taken.

    Args:
        console: where to print.
        what: the command, as people call it.
    """
    if destination() != "duckdb":
        return True
    database = database_path()
    sample = (FOLDER / "warehouse.duckdb").absolute()
    if not database.exists() and sample.exists():
        console.print(
            f"There is no {os.path.relpath(database)} yet: this is the sample of `make demo`."
        )
        os.environ["ROOTLY_DUCKDB_PATH"] = str(sample)
        os.environ.setdefault("ROOTLY_TIME_ZONE", TIME_ZONE.key)
    elif not database.exists():
        console.print(
            f"[red]✗ {what}[/red]: there is no DuckDB file at {os.path.relpath(database)}. "
            "`make refresh` makes it, `make demo` a sample; ROOTLY_DUCKDB_PATH names another.",
            highlight=False,
            soft_wrap=True,
        )
        return False
    return True
