"""The faults: what a server does to those that read from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from rootly_assets.sandbox import Record, Workspace
from rootly_assets_tests.sync.sequences_troubles import Fault as Trouble
from rootly_assets_tests.sync.sequences_troubles import Trouble as At
from rootly_assets_tests.sync.sequences_troubles import Troubles

TABLES = ("incidents", "alerts")
# The requests of a list, counted from 0, that meet a fault which passes by itself.
THIRD = 2


Meddle = Callable[[ASGIApp, Workspace, str, int], ASGIApp]
"""Who answers: given the server, its workspace, the list, and how many of its pages were asked for."""


class Day:
    """A bad day on one workspace.

    Args:
        workspace: what is served.
        meddle: what happens to its pages; None for nothing.

    Attributes:
        is_over: whether everything passes by now.
    """

    def __init__(self, workspace: Workspace, meddle: Meddle | None) -> None:
        self._workspace = workspace
        self._meddle = meddle
        self._pages = dict.fromkeys(TABLES, -1)
        self.is_over = meddle is None

    def who_answers(self, app: ASGIApp, path: str) -> ASGIApp:
        """The server, or who meddles with it."""
        table = path.removeprefix("/v1/")
        if self._meddle is None or self.is_over or table not in self._pages:
            return app
        self._pages[table] += 1
        return self._meddle(app, self._workspace, table, self._pages[table])


class Between:
    """ASGI middleware that lets a day decide who answers."""

    def __init__(self, app: ASGIApp, *, day: Day) -> None:
        self._app = app
        self._day = day

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._day.who_answers(self._app, scope.get("path", ""))(scope, receive, send)


def cut(kind: Trouble) -> Meddle:
    """Send half of the third page of each list."""

    def meddle(app: ASGIApp, _: Workspace, __: str, page: int) -> ASGIApp:
        if page != THIRD:
            return app

        async def halved(scope: Scope, receive: Receive, send: Send) -> None:
            troubles = Troubles()
            troubles.begin(At(kind))
            await troubles.answer(app, scope, receive, send)

        return halved

    return meddle


def instead(response: Callable[[], Response], pages: range) -> Meddle:
    """Answer some requests of each list with something else."""
    return lambda app, _, __, page: response() if page in pages else app


def without_one(app: ASGIApp, workspace: Workspace, table: str, page: int) -> ASGIApp:
    """Delete one of the newest records before each page but the first."""
    if page:
        workspace.delete(table, workspace.records(table)[-1 - page % 20].id)
    return app


def with_one_more(app: ASGIApp, workspace: Workspace, table: str, page: int) -> ASGIApp:
    """Let a new record come before each page but the first."""
    if page:
        workspace.advance(timedelta(seconds=1))
        original = workspace.records(table)[page]
        stamp = workspace.timestamp(workspace.now)
        new = {"id": f"{original.id[:-6]}{page:06d}", "created_at": stamp, "updated_at": stamp}
        # Of some types the id is an attribute too.
        attributes = original.attributes | {
            name: value for name, value in new.items() if name in original.attributes
        }
        workspace.add(Record(table, new["id"], attributes))
    return app


@dataclass(frozen=True)
class Fault:
    """One kind of bad day.

    Attributes:
        title: for people.
        meddle: what happens to pages; None where the server's settings say it all.
        settings: of the sandbox's server.
    """

    title: str
    meddle: Meddle | None = None
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])


def _error() -> Response:
    return JSONResponse({"error": "Internal server error"}, 500)


def _proxy() -> Response:
    return HTMLResponse("<html><body>Back in a minute</body></html>")


FAULTS = (
    Fault("nothing"),
    Fault("200, half of the body", cut(Trouble.CUT)),
    Fault("200, connection lost in the body", cut(Trouble.RESET)),
    Fault("200, a proxy's HTML", instead(_proxy, range(THIRD, THIRD + 1))),
    Fault("three times 500", instead(_error, range(THIRD, THIRD + 3))),
    Fault(
        "429, X-RateLimit-Reset alone",
        settings={"requests_per_minute": 30, "rate_window": 45.0, "retry_after": False},
    ),
    Fault("one deleted a page", without_one),
    Fault("one created a page", with_one_more),
    Fault("400 behind page 10", settings={"deep_page_limit": 10}),
)
