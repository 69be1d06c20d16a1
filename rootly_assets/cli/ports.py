"""Where the UI and the pages listen: on loopback, at a port that nobody else has."""

import socket

from rich.console import Console

from rootly_assets.cli.refusal import refused


def is_free(console: Console, what: str, port: int) -> bool:
    """Whether a port can be listened on; said where it can't, before anything takes long.

    Args:
        console: where to print.
        what: the command, as people call it.
        port: on loopback.
    """
    with socket.socket() as probe:
        # As servers do: a port that was let go of a moment ago is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            refused(
                console,
                what,
                f"port {port} of this machine is not available ({error.strerror}). Choose another one with "
                "--port (with make: PORT=…).",
            )
            return False
    return True
