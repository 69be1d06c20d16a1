"""What the server was asked: a list of its requests, and the `Date` header on every answer."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# A sandbox may be left running for weeks.
_KEPT = 200_000


@dataclass(frozen=True, slots=True)
class ServedRequest:
    """A request that the server answered, or began to answer.

    Attributes:
        method: e.g. `GET`.
        path: without the query.
        query: as sent, still encoded.
        status: of the answer; None where the connection ended without one.
        began, ended: when it came, and when its answer was sent: seconds on a clock that only runs forward.
    """

    method: str
    path: str
    query: str
    status: int | None
    began: float
    ended: float


class RequestLog:
    """The latest requests. Any thread may read it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._served: deque[ServedRequest] = deque(maxlen=_KEPT)

    def add(self, request: ServedRequest) -> None:
        """Note a request."""
        with self._lock:
            self._served.append(request)

    def all(self) -> list[ServedRequest]:
        """The requests so far, oldest first."""
        with self._lock:
            return list(self._served)

    def clear(self) -> None:
        """Forget them."""
        with self._lock:
            self._served.clear()


class Logged:
    """ASGI middleware that notes each request, and dates each answer by the server's clock."""

    def __init__(self, app: ASGIApp, *, log: RequestLog, http_date: Callable[[], str]) -> None:
        self._app = app
        self._log = log
        self._http_date = http_date

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and note it when it is over."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status: int | None = None
        began = time.monotonic()

        async def dated(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(raw=message["headers"]).setdefault("Date", self._http_date())
            await send(message)

        try:
            await self._app(scope, receive, dated)
        finally:
            query = scope["query_string"].decode("latin-1")
            ended = time.monotonic()
            self._log.add(
                ServedRequest(scope["method"], scope["path"], query, status, began, ended)
            )
