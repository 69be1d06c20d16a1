"""Opens the Dagster UI: on your workspace, or on what the demo made."""

import os
import signal
import subprocess
import sys

from rich.console import Console

from rootly_assets.cli.dagster_home import have_home
from rootly_assets.cli.ports import is_free
from rootly_assets.cli.stopping import StoppedBy
from rootly_assets.installation import in_checkout
from rootly_assets.settings import project_folder


def become_ui(console: Console, *, port: int) -> int:
    """Become `dagster dev`, until Ctrl-C; returns only where it can't, with the exit status.

    Args:
        console: where to print.
        port: where the UI listens, on loopback.
    """
    if not is_free(console, "dev", port):
        return 1
    console.print(f"The Dagster UI opens at [bold]http://127.0.0.1:{port}[/bold]; Ctrl-C ends it.")
    sys.stdout.flush()
    # A shell that starts it in the background lets it ignore Ctrl-C; Dagster does with SIGTERM what it does
    # with Ctrl-C, and so could not be ended.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # In place of this process, so that whoever ends it ends what it opened.
    return os.execv(sys.executable, _command(port))  # noqa: S606 - it is our own interpreter


def open_ui(console: Console, stopped_by: StoppedBy, *, port: int) -> int:
    """Run `dagster dev` beside this process until Ctrl-C; returns the exit status.

    Args:
        console: where to print.
        stopped_by: tells by what it was ended.
        port: where the UI listens, on loopback.
    """
    console.print(
        f"\nThe Dagster UI opens at [bold]http://127.0.0.1:{port}[/bold]; Ctrl-C ends it."
    )
    process = subprocess.Popen(_command(port))
    try:
        return process.wait()
    except KeyboardInterrupt:
        # The terminal has sent Ctrl-C to it too: give it the time to end its own processes.
        if stopped_by() == signal.SIGTERM:
            process.terminate()
        process.wait(timeout=30)
        return 0


def _command(port: int) -> list[str]:
    have_home()
    code = ["-m", "rootly_assets.definitions"]
    if in_checkout():
        # Dagster remembers what is switched on by the location's name, which this file gives.
        code = ["-w", str(project_folder().parent / "workspace.yaml")]
    return [sys.executable, "-m", "dagster", "dev", *code, "-h", "127.0.0.1", "-p", str(port)]
