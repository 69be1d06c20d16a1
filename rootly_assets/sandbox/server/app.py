"""The server as a Starlette application: who is let in, how often, and what they are answered."""

import asyncio
from collections.abc import Sequence
from email.utils import format_datetime
from secrets import compare_digest

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rootly_assets.sandbox.server.answers import RefusedError, json_answer
from rootly_assets.sandbox.server.api import Api
from rootly_assets.sandbox.server.query import Query
from rootly_assets.sandbox.server.rate_limit import RateLimit
from rootly_assets.sandbox.server.request_log import Logged, RequestLog
from rootly_assets.sandbox.server.settings import Settings
from rootly_assets.sandbox.workspace import Workspace


def application(
    workspace: Workspace,
    settings: Settings,
    *,
    log: RequestLog,
    middleware: Sequence[Middleware] = (),
) -> Starlette:
    """The sandbox's API over a workspace.

    Args:
        workspace: what is served; it may change at any time.
        settings: how the server behaves.
        log: where requests are noted.
        middleware: put between the log and the API: it may answer in the API's place.
    """
    api = Api(workspace, settings)

    def server_time() -> float:
        return workspace.now.timestamp()

    rate_limit = RateLimit(settings, server_time=server_time)

    async def endpoint(request: Request) -> Response:
        if settings.latency:
            await asyncio.sleep(settings.latency)
        allowed, headers = rate_limit.take()
        if not allowed:
            error = {"error": "Rate limit exceeded. Try again later."}
            response = json_answer(error, status=429)
        else:
            response = _answer(request)
        response.headers.update(headers)
        return response

    def _answer(request: Request) -> Response:
        try:
            _admit(request)
            query = Query(request.url.query)
            base_url = str(request.base_url).rstrip("/")
            return api.answer(request.url.path, query, base_url=base_url)
        except RefusedError as refused:
            return refused.response()

    def _admit(request: Request) -> None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        known = compare_digest(token.strip().encode(), settings.token.encode())
        if scheme.casefold() != "bearer" or not known:
            raise RefusedError(401, "Unauthorized", "Invalid or missing API key")

    def http_date() -> str:
        return format_datetime(workspace.now, usegmt=True)

    return Starlette(
        routes=[Route("/{path:path}", endpoint, methods=["GET"])],
        middleware=[Middleware(Logged, log=log, http_date=http_date), *middleware],
    )
