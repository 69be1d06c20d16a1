"""`python -m benchmarks limiter`: how much of the allowance the client uses, and whether it is ever refused.

In real time, over HTTP: windows of a minute can't be had in less.
"""

import argparse
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event

from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from benchmarks.report import Part, Section
from benchmarks.workspace import build
from rootly_assets.api import ClientSettings, RootlyClient
from rootly_assets.catalogue import readable
from rootly_assets.sandbox import Server, serve
from rootly_assets.sandbox.server.request_log import ServedRequest

TITLE = "The rate limit"
EXPLANATION = (
    "The client reads with all its threads, one row a page, from a server that really counts: over "
    "the last 60 s, as Rootly says it does, or anew each minute, the first of which is cut short "
    "so that the two don't begin together. Used are requests that were answered within whole "
    "minutes, as a share of what these allow."
)
COLUMNS = ("the server counts", "allowed a minute", "minutes", "answered", "used", "429s")
WINDOW = 60.0
HEAD_START = 20.0  # seconds of the first, incomplete minute
UNLIMITED = 10**9


@dataclass(frozen=True, slots=True)
class Figures:
    """What the server saw in whole minutes.

    Attributes:
        title: how it counts.
        answered: requests that were answered.
        refused: 429s, from beginning to end.
    """

    title: str
    answered: int
    refused: int


class FixedWindow:
    """ASGI middleware that begins to count anew each minute, and says so in the API's headers.

    Args:
        app: who answers.
        limit: how many requests a minute are let through.
        began: when the first minute began, in seconds on a clock that only runs forward.
        server_time: the server's clock, in seconds since 1970.
    """

    def __init__(
        self, app: ASGIApp, *, limit: int, began: float, server_time: Callable[[], float]
    ) -> None:
        self._app = app
        self._limit = limit
        self._began = began
        self._server_time = server_time
        self._minute = 0
        self._used = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count a request and pass it on, or refuse it."""
        minute, gone = divmod(time.monotonic() - self._began, WINDOW)
        if minute != self._minute:
            self._minute, self._used = minute, 0
        allowed = self._used < self._limit
        self._used += allowed
        said = {
            "X-RateLimit-Limit": f"{self._limit}, {self._limit};window={WINDOW:.0f}",
            "X-RateLimit-Remaining": str(self._limit - self._used),
            "X-RateLimit-Used": str(self._used),
            "X-RateLimit-Reset": f"{self._server_time() + WINDOW - gone:.0f}",
        }

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(raw=message["headers"]).update(said)
            await send(message)

        refused = JSONResponse({"error": "Rate limit exceeded. Try again later."}, 429)
        await (self._app if allowed else refused)(scope, receive, with_headers)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How much is allowed, and for how long it is looked at."""
    parser.add_argument("--requests-per-minute", type=int, default=3000, help="what is allowed")
    parser.add_argument("--minutes", type=int, default=2, help="whole minutes that count")


def measure(options: argparse.Namespace, say: Callable[[str], None]) -> Section:
    """Both ways to count, one after the other."""
    workspace = build(incidents=200, alerts=200)
    limit, minutes = options.requests_per_minute, options.minutes
    found: list[Figures] = []
    with serve(workspace, requests_per_minute=limit) as server:
        found.append(_read(server, "over the last 60 s", limit, minutes, skipped=0.0))
    say(f"{found[-1].title}: {found[-1].answered:,} answered, {found[-1].refused:,} refused")
    fixed = Middleware(
        FixedWindow,
        limit=limit,
        began=time.monotonic() + HEAD_START - WINDOW,
        server_time=workspace.now.timestamp,
    )
    with serve(workspace, requests_per_minute=UNLIMITED, middleware=[fixed]) as server:
        found.append(_read(server, "anew each minute", limit, minutes, skipped=HEAD_START))
    say(f"{found[-1].title}: {found[-1].answered:,} answered, {found[-1].refused:,} refused")
    return section(found, limit, minutes)


def section(found: list[Figures], limit: int, minutes: int) -> Section:
    """The figures as they are reported."""
    rows: list[tuple[str, ...]] = []
    remarks: list[str] = []
    for each in found:
        used = each.answered / (limit * minutes)
        cells = (each.title, f"{limit:,}", f"{minutes}", f"{each.answered:,}", f"{used:.1%}")
        rows.append((*cells, f"{each.refused:,}"))
        remarks.append(f"{each.title}: {used:.1%} (aim: 95% or more), {each.refused} 429s (aim: 0)")
    return Section(TITLE, EXPLANATION, [Part("One client alone", COLUMNS, rows, remarks)])


def _read(server: Server, title: str, limit: int, minutes: int, *, skipped: float) -> Figures:
    """Read for so many minutes after those seconds that don't count."""
    settings = ClientSettings(
        token=server.token, base_url=server.url, requests_per_minute=limit, page_size=1
    )
    client = RootlyClient(settings)
    endpoints = [each for each in readable() if each.table in {"incidents", "alerts"}]
    stop = Event()

    def walk(number: int) -> None:
        while not stop.is_set():
            for _ in client.pages(endpoints[number % len(endpoints)], {}):
                if stop.is_set():
                    return

    first = time.monotonic() + skipped
    end = first + minutes * WINDOW
    with ThreadPoolExecutor(settings.concurrency) as pool:
        walks = [pool.submit(walk, number) for number in range(settings.concurrency)]
        time.sleep(end - time.monotonic())
        requests = server.requests
        stop.set()
        for each in walks:
            each.result()
    return Figures(title, _answered(requests, first, end), sum(r.status == 429 for r in requests))


def _answered(requests: list[ServedRequest], first: float, end: float) -> int:
    return sum(each.status == 200 and first <= each.began < end for each in requests)
