"""The server in a thread of this process: up for the length of a `with` block."""

import socket
import threading
from collections.abc import Generator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager

import uvicorn
from starlette.middleware import Middleware

from rootly_assets.sandbox.server.app import application
from rootly_assets.sandbox.server.request_log import RequestLog, ServedRequest
from rootly_assets.sandbox.server.settings import NOT_PERMITTED, SANDBOX_TOKEN, Settings
from rootly_assets.sandbox.workspace import Workspace


class Server:
    """A sandbox that is being served.

    Attributes:
        url: base URL, e.g. `http://127.0.0.1:8765`.
        token: the bearer token that it accepts.
        workspace: what it serves.
    """

    def __init__(self, *, url: str, token: str, workspace: Workspace, log: RequestLog) -> None:
        self.url = url
        self.token = token
        self.workspace = workspace
        self._log = log

    @property
    def requests(self) -> list[ServedRequest]:
        """The requests served so far, oldest first."""
        return self._log.all()

    def forget_requests(self) -> None:
        """Begin the list of requests anew."""
        self._log.clear()


@contextmanager
def serve(
    workspace: Workspace,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    token: str = SANDBOX_TOKEN,
    requests_per_minute: int = 3000,
    retry_after: bool = True,
    rate_window: float = 60.0,
    latency: float = 0.0,
    deep_page_limit: int | None = None,
    forbidden: AbstractSet[str] = NOT_PERMITTED,
    middleware: Sequence[Middleware] = (),
) -> Generator[Server]:
    """Serve a workspace over HTTP until the block ends.

    Args:
        workspace: what is served; change it or move its clock on at any time.
        host: address to listen on.
        port: port to listen on; any free one if 0.
        token: the bearer token that is accepted.
        requests_per_minute: how many requests a window takes before 429.
        retry_after: whether a 429 carries `Retry-After`.
        rate_window: length of the rate limit's window in seconds.
        latency: seconds to wait before each answer.
        deep_page_limit: the last `page[number]` that is answered; any, if None.
        forbidden: paths that answer 403.
        middleware: Starlette middleware that sees each request before the API does.

    Raises:
        OSError: the address cannot be listened on.
    """
    settings = Settings(
        token=token,
        requests_per_minute=requests_per_minute,
        retry_after=retry_after,
        rate_window=rate_window,
        latency=latency,
        deep_page_limit=deep_page_limit,
        forbidden=frozenset(forbidden),
    )
    log = RequestLog()
    app = application(workspace, settings, log=log, middleware=middleware)
    listener = _listen(host, port)
    config = uvicorn.Config(
        app,
        log_level="critical",
        access_log=False,
        date_header=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    server = _Uvicorn(config)
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listener]}, name="rootly-sandbox", daemon=True
    )
    thread.start()
    try:
        server.ready.wait(10)
        shown = f"[{host}]" if ":" in host else host
        url = f"http://{shown}:{listener.getsockname()[1]}"
        yield Server(url=url, token=token, workspace=workspace, log=log)
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


class _Uvicorn(uvicorn.Server):
    """uvicorn that says when it is ready."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then let the waiting thread know."""
        await super().startup(sockets)
        self.ready.set()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener
