"""`python -m rootly_assets.sandbox`: a Rootly workspace to try a client on, without an account."""

import argparse
import signal
import sys
import threading
import time
from datetime import timedelta
from types import FrameType

from rootly_assets.arguments import whole_number
from rootly_assets.sandbox.server.serving import serve
from rootly_assets.sandbox.server.settings import SANDBOX_TOKEN
from rootly_assets.sandbox.workspace import Workspace

_EXAMPLES = """\
Rootly sandbox with {incidents} incidents on {url}
  token  {token}

Try it:
  curl -g -H 'Authorization: Bearer {token}' '{url}/v1/incidents?page[size]=2&include=roles'
  ROOTLY_API_URL={url} ROOTLY_API_TOKEN={token} ROOTLY_DUCKDB_PATH=data/sandbox.duckdb make sync
  (from a wheel: rootly-assets sync in place of make sync)

Ctrl-C stops it."""


def main(arguments: list[str] | None = None) -> int:
    """Build a workspace and serve it until interrupted; the process's exit status."""
    options = _parser().parse_args(arguments)
    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    workspace = Workspace.build(seed=options.seed, incidents=options.incidents)
    try:
        with serve(
            workspace,
            host=options.host,
            port=options.port,
            token=options.token,
            requests_per_minute=options.requests_per_minute,
            latency=options.latency / 1000,
            deep_page_limit=options.deep_page_limit,
        ) as server:
            count = f"{len(workspace.records('incidents')):,}"
            _say(_EXAMPLES.format(incidents=count, url=server.url, token=server.token))
            _wait(workspace, stopped, live=options.live)
    except OSError as error:
        sys.stderr.write(f"Cannot listen on {options.host}:{options.port}: {error}\n")
        return 1
    _say("Stopped.")
    return 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _wait(workspace: Workspace, stopped: threading.Event, *, live: bool) -> None:
    """Wait for the end; with `live`, let the workspace's clock follow real time."""
    before = time.monotonic()
    while not stopped.wait(1.0):
        now = time.monotonic()
        if live:
            workspace.advance(timedelta(seconds=now - before))
        before = now


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m rootly_assets.sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument(
        "--port", type=whole_number(0, 65535), default=8765, help="port to listen on; 0 for any"
    )
    parser.add_argument("--seed", type=int, default=7, help="chooses what is left to chance")
    parser.add_argument(
        "--incidents", type=whole_number(0), default=400, help="how many the past holds"
    )
    parser.add_argument("--token", default=SANDBOX_TOKEN, help="bearer token to accept")
    parser.add_argument(
        "--requests-per-minute",
        type=whole_number(1),
        default=3000,
        help="the rate limit, as at Rootly",
    )
    parser.add_argument(
        "--latency",
        type=whole_number(0, 60_000),
        default=0,
        metavar="MILLISECONDS",
        help="how long each answer takes beyond what it takes here",
    )
    parser.add_argument(
        "--deep-page-limit",
        type=whole_number(1),
        metavar="NUMBER",
        help="the last page[number] that is answered, as in a large account; a deeper one is refused with 400",
    )
    parser.add_argument(
        "--live", action="store_true", help="let the clock run, so that things happen"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
