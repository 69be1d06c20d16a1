"""The command line as a user meets it: a process, its exit status, what it prints."""

import contextlib
import io
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from rootly_assets.cli.main import main
from rootly_assets.sandbox import Server

REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True)
class Done:
    """A command that has ended.

    Attributes:
        status: its exit status.
        lines: what it printed to standard output.
        errors: what it printed to standard error.
    """

    status: int
    lines: list[str]
    errors: str

    @property
    def last(self) -> str:
        """The last line."""
        return self.lines[-1] if self.lines else ""

    @property
    def everything(self) -> str:
        """All that a user sees."""
        return "\n".join([*self.lines, self.errors])


def environment(folder: Path, server: Server | None = None, **changes: str) -> dict[str, str]:
    """A user's environment: everything in `folder`, patience short, nothing inherited of Rootly's.

    What Dagster keeps lies beside it: a checkout's own folder is its developer's.
    """
    home = folder.with_name(f"{folder.name}_dagster")
    home.mkdir(parents=True, exist_ok=True)
    shutil.copy(REPOSITORY / "dagster.yaml", home)
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ROOTLY_", "CELERY_")) and name != "DAGSTER_HOME"
    }
    of_server = {"ROOTLY_API_URL": server.url, "ROOTLY_API_TOKEN": server.token} if server else {}
    return {
        **inherited,
        "PYTHONPATH": str(REPOSITORY),
        "DAGSTER_HOME": str(home),
        "DAGSTER_DISABLE_TELEMETRY": "1",
        "ROOTLY_DUCKDB_PATH": str(folder / "warehouse.duckdb"),
        "ROOTLY_REQUESTS_PER_MINUTE": "100000",
        "ROOTLY_RETRIES": "0",
        "ROOTLY_STEP_RETRY_DELAY": "0",
        "ROOTLY_DUCKDB_LOCK_WAIT": "0",
        **of_server,
        **changes,
    }


def command(*arguments: str) -> list[str]:
    """`python -m rootly_assets …`."""
    return [sys.executable, "-m", "rootly_assets", *arguments]


def run(arguments: list[str], folder: Path, variables: dict[str, str]) -> Done:
    """Run a command to its end, in a folder."""
    done = subprocess.run(
        arguments, cwd=folder, env=variables, capture_output=True, text=True, check=False
    )
    return Done(done.returncode, done.stdout.strip().splitlines(), done.stderr)


def run_here(arguments: list[str], folder: Path, variables: dict[str, str]) -> Done:
    """The same in this process, which has imported Dagster already; for what is said before a run begins."""
    said, errors = io.StringIO(), io.StringIO()
    with (
        mock.patch.dict(os.environ, variables, clear=True),
        contextlib.chdir(folder),
        contextlib.redirect_stdout(said),
        contextlib.redirect_stderr(errors),
    ):
        status = main(arguments)
    return Done(status, said.getvalue().strip().splitlines(), errors.getvalue())


def with_manifest(folder: Path, manifest: Path) -> Path:
    """Put a prepared dbt manifest into a folder, since parsing takes long."""
    shutil.copytree(manifest, folder / "dbt")
    return folder
