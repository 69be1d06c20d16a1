"""Trouble on the way to the sandbox: answers some requests in its place."""

from collections.abc import Callable

from starlette.datastructures import QueryParams
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

Answer = Callable[[QueryParams], Response | None]


class InItsPlace:
    """Starlette middleware that asks `answer` about the query first; None lets the request through."""

    def __init__(self, app: ASGIApp, answer: Answer) -> None:
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        response = self._answer(QueryParams(scope["query_string"]))
        await (response or self._app)(scope, receive, send)
