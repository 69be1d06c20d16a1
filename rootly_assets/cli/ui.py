"""Opens the Dagster UI on what the demo made, for as long as somebody looks at it."""

import signal
import subprocess
import sys

from rich.console import Console

from rootly_assets.cli.stopping import StoppedBy

PORT = 3000


def open_ui(console: Console, stopped_by: StoppedBy, port: int = PORT) -> int:
    """Run `dagster dev` on this machine until Ctrl-C; returns the exit status.

    Args:
        console: where to print.
        stopped_by: tells by what it was ended.
        port: where the UI listens, on loopback.
    """
    console.print(
        f"\nThe Dagster UI opens at [bold]http://127.0.0.1:{port}[/bold]; Ctrl-C ends it."
    )
    command = [sys.executable, "-m", "dagster", "dev", "-m", "rootly_assets.definitions"]
    process = subprocess.Popen([*command, "-h", "127.0.0.1", "-p", str(port)])
    try:
        return process.wait()
    except KeyboardInterrupt:
        # The terminal has sent Ctrl-C to it too: give it the time to end its own processes.
        if stopped_by() == signal.SIGTERM:
            process.terminate()
        process.wait(timeout=30)
        return 0
