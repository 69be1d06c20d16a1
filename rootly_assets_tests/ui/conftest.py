"""The project's UI on a sample workspace, and a browser that looks at it."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from rootly_assets.sandbox import Workspace, serve
from rootly_assets_tests.system.command_line import with_manifest
from rootly_assets_tests.system.refreshed import NOW
from rootly_assets_tests.ui.browser import Browser, browser, executable
from rootly_assets_tests.ui.dagster_ui import dagster_ui, environment

INCIDENTS = 60


class Breaker:
    """Middleware that answers one path with an error, while `broken` is set."""

    def __init__(self, app: ASGIApp, path: str, broken: threading.Event) -> None:
        self.app, self.path, self.broken = app, path, broken

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self.app
        if self.broken.is_set() and Request(scope).url.path == self.path:
            error = {
                "title": "Unprocessable",
                "status": "422",
                "detail": "Sorting is being rebuilt.",
            }
            app = JSONResponse({"errors": [error]}, status_code=422)
        await app(scope, receive, send)


@dataclass(frozen=True)
class Ui:
    """The UI, opened in a browser.

    Attributes:
        url: where it is.
        browser: shows it.
        status_pages_broken: while set, the list of status pages answers with an error.
        token: the secret that opens the workspace.
    """

    url: str
    browser: Browser
    status_pages_broken: threading.Event
    token: str


# Of one module: while a driver of Playwright is open, its thread can open no other, nor run asyncio itself.
@pytest.fixture(scope="module")
def ui(tmp_path_factory: pytest.TempPathFactory, manifest: Path) -> Iterator[Ui]:
    if executable() is None:
        pytest.fail("Chromium is missing: on Debian, apt-get install chromium")
    folder = with_manifest(tmp_path_factory.mktemp("ui"), manifest)
    workspace, broken = Workspace.build(incidents=INCIDENTS, now=NOW), threading.Event()
    breaker = Middleware(Breaker, path="/v1/status-pages", broken=broken)
    with (
        serve(workspace, requests_per_minute=10**9, middleware=[breaker]) as server,
        dagster_ui(environment(server, folder), folder / "ui.log") as url,
        browser(url) as opened,
    ):
        yield Ui(url=url, browser=opened, status_pages_broken=broken, token=server.token)
