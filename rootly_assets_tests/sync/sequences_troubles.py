"""Troubles on the way to a list: a server that fails, cuts its answers, refuses, or hangs up."""

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qs

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Fault(StrEnum):
    """One kind of trouble."""

    ERROR = "500"
    CUT = "200, and half of the body"
    RESET = "200, and the connection is cut"
    LIMITED = "429"
    DEEP = "400 for pages behind the second"


@dataclass(frozen=True)
class Trouble:
    """What goes wrong in one sync.

    Attributes:
        fault: what happens.
        request: to which request of the sync, counted from 0.
        stays: whether the path of that request has it from then on; otherwise it passes at once.
    """

    fault: Fault
    request: int = 0
    stays: bool = False


class Troubles:
    """Brings troubles between a server and its client.

    Attributes:
        trouble: what goes wrong; None for nothing.
        stopped: the path that has it for good.
        met: whether it went wrong.
    """

    def __init__(self) -> None:
        self.begin(None)

    def begin(self, trouble: Trouble | None) -> None:
        """Count requests from 0."""
        self.trouble = trouble
        self.met = False
        self._stopped: str | None = None
        self._requests = -1

    async def answer(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in the app's place, or let it answer."""
        self._requests += 1
        if self.trouble is None or not self._concerns(scope):
            await app(scope, receive, send)
            return
        self.met = True
        match self.trouble.fault:
            case Fault.ERROR:
                await JSONResponse({"error": "Oh"}, status_code=500)(scope, receive, send)
            case Fault.LIMITED:
                refused = JSONResponse({"error": "Later"}, 429, headers={"Retry-After": "30"})
                await refused(scope, receive, send)
            case Fault.DEEP:
                await JSONResponse({"errors": [{"title": "Deep"}]}, 400)(scope, receive, send)
            case Fault.CUT | Fault.RESET:
                await self._halve(app, scope, receive, send)

    def _concerns(self, scope: Scope) -> bool:
        assert self.trouble is not None
        if self.trouble.fault is Fault.DEEP:
            query = parse_qs(scope["query_string"].decode())
            return int(query.get("page[number]", ["1"])[0]) > 2
        if self._stopped is None and self._requests == self.trouble.request:
            self._stopped = scope["path"] if self.trouble.stays else ""
            return True
        return self._stopped == scope["path"]

    async def _halve(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await app(scope, receive, keep)
        start, *parts = messages
        body = b"".join(part["body"] for part in parts)
        half = body[: len(body) // 2]
        told = len(body) if self.trouble and self.trouble.fault is Fault.RESET else len(half)
        headers = [each for each in start["headers"] if each[0] != b"content-length"]
        headers.append((b"content-length", str(told).encode()))
        await send({**start, "headers": headers})
        await send({"type": "http.response.body", "body": half, "more_body": told > len(half)})
        if told > len(half):
            raise ConnectionResetError
