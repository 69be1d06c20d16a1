"""The server itself: where it listens, what it remembers, and how faults are put in its way."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager

import pytest
import requests
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from rootly_assets.sandbox import Workspace, serve
from rootly_assets_tests.sandbox.client import Client


class Broken:
    """Answers 503 to everything below a path."""

    def __init__(self, app: ASGIApp, *, path: str) -> None:
        self._app = app
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        broken = scope["type"] == "http" and scope["path"].startswith(self._path)
        app = PlainTextResponse("no", status_code=503) if broken else self._app
        await app(scope, receive, send)


def test_the_requests_served_are_remembered(workspace: Workspace) -> None:
    with serve(workspace) as server:
        client = Client(server)
        client.get("/v1/incidents", page__size=2)
        client.get("/v1/nothing")
        first, second = server.requests
        assert (first.method, first.path, first.status) == ("GET", "/v1/incidents", 200)
        assert first.query == "page%5Bsize%5D=2"
        assert (second.path, second.status) == ("/v1/nothing", 404)
        server.forget_requests()
        assert server.requests == []


def test_middleware_can_break_one_list(workspace: Workspace) -> None:
    broken = Middleware(Broken, path="/v1/alerts")
    with serve(workspace, middleware=[broken]) as server:
        client = Client(server)
        answer = client.get("/v1/alerts")
        assert answer.status_code == 503
        assert "X-RateLimit-Remaining" not in answer.headers
        assert client.get("/v1/incidents").status_code == 200
        assert [request.status for request in server.requests] == [503, 200]


def test_the_server_is_gone_when_the_block_ends(workspace: Workspace) -> None:
    with serve(workspace) as server:
        url = server.url
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=2)


def test_a_port_that_is_taken_is_an_error(workspace: Workspace) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"), serve(workspace, port=port):
            pytest.fail("served on a port that is taken")


@contextmanager
def command(*options: str) -> Generator[tuple[str, str]]:
    """The command, as a user starts and ends it: its greeting, and the URL that it names."""
    arguments = ["--port", "0", "--incidents", "5", "--token", "mine", *options]
    with subprocess.Popen(
        [sys.executable, "-m", "rootly_assets.sandbox", *arguments],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        try:
            greeting = "".join(iter(process.stdout.readline, "Ctrl-C stops it.\n"))
            url = re.search(r"http://127\.0\.0\.1:\d+", greeting)
            assert url
            yield greeting, url[0]
        finally:
            os.kill(process.pid, signal.SIGINT)
        output, _ = process.communicate(timeout=10)
        assert output == "Stopped.\n"
        assert process.returncode == 0


def get(url: str, **parameters: int) -> requests.Response:
    query = {f"page[{name}]": value for name, value in parameters.items()}
    headers = {"Authorization": "Bearer mine"}
    return requests.get(f"{url}/v1/incidents", query, headers=headers, timeout=5)


def test_the_command_serves_until_it_is_interrupted() -> None:
    with command("--live") as (greeting, url):
        assert get(url).json()["meta"]["total_count"] == 5
        assert "curl" in greeting


def test_the_command_can_be_slow_and_refuse_deep_pages() -> None:
    with command("--latency", "300", "--deep-page-limit", "2") as (_, url):
        started = time.monotonic()
        assert get(url, size=1, number=2).status_code == 200
        assert 0.3 <= time.monotonic() - started < 3
        refused = get(url, size=1, number=3)
        assert refused.status_code == 400
        assert "page[number] must not exceed 2" in refused.text
