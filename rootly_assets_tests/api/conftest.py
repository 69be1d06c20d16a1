"""A local HTTP server that answers as a test's function says, and clients that don't wait for seconds."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from rootly_assets.api import ClientSettings, RootlyClient
from rootly_assets.api.limiter import Limiter
from rootly_assets.catalogue import Endpoint, Pages, PageStyle, Strategy

TOKEN = "rootly_token_0123456789abcdef"


@dataclass
class Request:
    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass
class Response:
    body: bytes | dict[str, Any] = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None  # bytes after which the connection is closed

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


Handler = Callable[[Request], Response]


class Server:
    def __init__(self, handler: Handler) -> None:
        self.requests: list[Request] = []
        outer = self

        class Handling(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                request = Request(
                    parts.path,
                    dict(parse_qsl(parts.query, keep_blank_values=True)),
                    dict(self.headers.items()),
                )
                outer.requests.append(request)
                response = handler(request)
                self.send_response_only(response.status)
                if "Date" not in response.headers:
                    self.send_header("Date", self.date_time_string())
                for name, value in response.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(response.content)))
                self.end_headers()
                self.wfile.write(response.content[: response.cut_after])
                self.close_connection = response.cut_after is not None

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Keep quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handling)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        # A short poll, or each test waits half a second for the server to stop.
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def serve() -> Iterator[Callable[[Handler], Server]]:
    servers: list[Server] = []

    def start(handler: Handler) -> Server:
        servers.append(Server(handler))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1_700_000_000.0
        self.slept: list[float] = []

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client_of(clock: Clock) -> Callable[..., RootlyClient]:
    def make(url: str, **changes: Any) -> RootlyClient:
        settings = ClientSettings(token=TOKEN, base_url=url, **changes)
        limiter = Limiter(settings.requests_per_minute, clock=clock.time, sleep=clock.sleep)
        return RootlyClient(settings, limiter=limiter, sleep=clock.sleep, now=clock.time)

    return make


def endpoint(
    path: str = "/v1/things",
    style: PageStyle = PageStyle.NUMBERED,
    *,
    max_size: int = 100,
    **changes: Any,
) -> Endpoint:
    return Endpoint(
        table="things",
        path=path,
        domain="organization",
        type="things",
        strategy=Strategy.WHOLE,
        pages=Pages(style=style, max_size=max_size),
        **changes,
    )


def row(number: int, **attributes: Any) -> dict[str, Any]:
    return {"id": str(number), "type": "things", "attributes": attributes}


def ids_of(pages: Any) -> list[int]:
    return [int(json.loads(bytes(r))["id"]) for page in pages for r in page.records]


def numbered_page(
    rows: list[dict[str, Any]], query: dict[str, str], default: int = 25
) -> dict[str, Any]:
    """Answer as Rootly does: page[number], page[size], meta."""
    number, size = int(query.get("page[number]", 1)), int(query.get("page[size]", default))
    pages = -(-len(rows) // size)
    return {
        "data": rows[(number - 1) * size : number * size],
        "meta": {
            "current_page": number,
            "next_page": number + 1 if number < pages else None,
            "prev_page": number - 1 or None,
            "total_count": len(rows),
            "total_pages": pages,
        },
    }
