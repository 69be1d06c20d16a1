"""Trouble on the way to the sandbox: answers some requests in its place."""

import json
from collections.abc import Callable
from typing import Any

from starlette.datastructures import QueryParams
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Answer = Callable[[str, QueryParams], Response | None]
Edit = Callable[[str, dict[str, Any]], None]


class InItsPlace:
    """Starlette middleware that asks `answer` about path and query first; None lets the request through."""

    def __init__(self, app: ASGIApp, answer: Answer) -> None:
        self._app = app
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        response = self._answer(scope["path"], QueryParams(scope["query_string"]))
        await (response or self._app)(scope, receive, send)


class OldIncidentsFail:
    """An answer: pages of incidents from before some instant fail, so many times; the rest is let through."""

    failures: float = 0

    def __call__(self, path: str, query: QueryParams) -> Response | None:
        """Answer one request."""
        if self.failures and path == "/v1/incidents" and "filter[created_at][lt]" in query:
            self.failures -= 1
            return JSONResponse({"error": "Internal error"}, status_code=500)
        return None


class Failing:
    """What fails, each time that it is asked for.

    Attributes:
        paths: what these paths answer; one that ends in `?include`, where something is to come along.
        included: ids of incidents that no answer can have together with what is to come along.
    """

    def __init__(self) -> None:
        self.paths: dict[str, Response] = {}
        self.included: set[str] = set()

    class Before:
        """Starlette middleware that lets it fail."""

        def __init__(self, app: ASGIApp, failing: "Failing") -> None:
            self._app = app
            self._failing = failing

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            """Answer one request."""
            failing = self._failing
            is_compound = "include" in QueryParams(scope.get("query_string", b""))
            path = scope.get("path", "")
            for each in (f"{path}?include", path) if is_compound else (path,):
                if each in failing.paths:
                    await failing.paths[each](scope, receive, send)
                    return
            messages: list[Message] = []

            async def keep(message: Message) -> None:
                messages.append(message)

            await self._app(scope, receive, keep)
            body = b"".join(each.get("body", b"") for each in messages)
            if is_compound and any(_is_about(body, each) for each in failing.included):
                await JSONResponse({"error": "took too long"}, 504)(scope, receive, send)
                return
            for each in messages:
                await send(each)


def _is_about(body: bytes, id_: str) -> bool:
    """Whether an answer has a record, and not only links to it."""
    data = json.loads(body).get("data", [])
    return id_ in {each["id"] for each in (data if isinstance(data, list) else [data])}


class Edited:
    """Starlette middleware that lets `edit` change the documents of answers, by the path that was asked for."""

    def __init__(self, app: ASGIApp, edit: Edit) -> None:
        self._app = app
        self._edit = edit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._app(scope, receive, keep)
        start = messages[0]
        body = b"".join(each.get("body", b"") for each in messages[1:])
        if start.get("status") == 200:
            document = json.loads(body)
            self._edit(scope["path"], document)
            body = json.dumps(document).encode()
        headers = [each for each in start["headers"] if each[0].lower() != b"content-length"]
        headers.append((b"content-length", str(len(body)).encode()))
        await send({**start, "headers": headers})
        await send({"type": "http.response.body", "body": body})
