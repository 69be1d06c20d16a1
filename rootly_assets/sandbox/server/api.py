"""Answers to requests that are let in: lists, single resources, and a few paths of their own."""

from collections.abc import Collection

import msgspec
from starlette.responses import Response

from rootly_assets.sandbox.lists import ListEndpoint
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.server.answers import RefusedError, document, json_answer, not_found
from rootly_assets.sandbox.server.includes import with_includes
from rootly_assets.sandbox.server.oncalls import oncalls
from rootly_assets.sandbox.server.paging import Page, cut
from rootly_assets.sandbox.server.query import Query
from rootly_assets.sandbox.server.recordings import in_full
from rootly_assets.sandbox.server.routing import PARENT_TYPES, ListRoute, Router
from rootly_assets.sandbox.server.selection import Selector, ordered
from rootly_assets.sandbox.server.settings import Settings
from rootly_assets.sandbox.server.shifts import ALL_SHIFTS, SCHEDULE_SHIFTS, select_shifts
from rootly_assets.sandbox.workspace import Workspace

_IP_RANGES = {
    "integrations_ipv4": ["192.0.2.10", "192.0.2.11"],
    "integrations_ipv6": ["2001:db8:10::a"],
    "webhooks_ipv4": ["198.51.100.20", "198.51.100.21"],
    "webhooks_ipv6": ["2001:db8:20::a"],
}


class Api:
    """Reads a workspace on behalf of requests."""

    def __init__(self, workspace: Workspace, settings: Settings) -> None:
        self._workspace = workspace
        self._settings = settings
        self._router = Router()
        self._selector = Selector(workspace)

    def answer(self, path: str, query: Query, *, base_url: str) -> Response:
        """The answer to `GET path`, all of it from one instant of the workspace.

        RefusedError where Rootly would answer with an error.
        """
        if path in self._settings.forbidden or path.startswith("/v1/secrets"):
            raise RefusedError(403, "Forbidden", "This key has no permission for this resource")
        with self._workspace.lock:
            return self._answer(path, query, base_url=base_url)

    def _answer(self, path: str, query: Query, *, base_url: str) -> Response:
        if path == "/v1/ip_ranges":
            ranges = {"id": "ip_ranges", "type": "ip_ranges", "attributes": _IP_RANGES}
            return json_answer({"data": ranges})
        if path == "/v1/users/me":
            users = self._workspace.records("users")
            if not users:
                raise not_found()
            return document(users[0].json())
        if path.startswith("/v1/ai/chat/sessions/") and path.endswith("/messages"):
            return self._chat(path.split("/")[5])
        found = self._router.find(path)
        if found is None:
            raise not_found()
        route, parameters = found
        if isinstance(route, ListRoute):
            return self._list(route.endpoint, parameters, query, url=f"{base_url}{path}")
        record = self._workspace.get(route.type, parameters["id"])
        if record is None:
            raise not_found()
        if route.type == "meeting_recordings":
            return document(in_full(record).json())
        if route.endpoint is None:
            return document(record.json())
        rows, included = with_includes(self._workspace, route.endpoint, [record], query)
        return document(_less(rows[0], route.endpoint.lacks), included=included)

    def _list(
        self, endpoint: ListEndpoint, parameters: dict[str, str], query: Query, *, url: str
    ) -> Response:
        page = self._page(endpoint, parameters, query, url=url)
        rows, included = with_includes(self._workspace, endpoint, page.rows, query)
        rows = [_less(row, endpoint.lacks) for row in rows]
        if not endpoint.typed:
            rows = [_untyped(row, record) for row, record in zip(rows, page.rows, strict=True)]
        return document(
            rows,
            included=included,
            links=page.links if endpoint.links else None,
            meta=page.meta if endpoint.meta else None,
        )

    def _page(
        self, endpoint: ListEndpoint, parameters: dict[str, str], query: Query, *, url: str
    ) -> Page:
        if endpoint.path == SCHEDULE_SHIFTS:
            parameters = {"schedule_id": parameters["id"]}
        for parameter, parent in parameters.items():
            if self._workspace.get(PARENT_TYPES[parameter], parent) is None:
                raise not_found()
        if endpoint.path in (ALL_SHIFTS, SCHEDULE_SHIFTS):
            schedule = parameters.get("schedule_id")
            selection = select_shifts(self._workspace, endpoint.path, schedule, query)
        elif endpoint.path == "/v1/oncalls":
            selection = ordered(oncalls(self._workspace, query), "starts_at")
        else:
            selection = self._selector.select(endpoint, parameters, query)
        limit = self._settings.deep_page_limit
        return cut(endpoint, selection, query, url=url, deep_page_limit=limit)

    def _chat(self, session: str) -> Response:
        messages = self._workspace.nested("ai_chat_session_messages", "session_id", session)
        if not messages:
            raise not_found()
        flat = [{"id": message.id, **message.attributes} for message in messages]
        return json_answer({"messages": flat, "meta": {"total_count": len(flat)}})


def _less(row: bytes, attributes: Collection[str]) -> bytes:
    """The row without some of its attributes."""
    if not attributes:
        return row
    resource = msgspec.json.decode(row)
    for name in attributes:
        resource["attributes"].pop(name, None)
    return msgspec.json.encode(resource)


def _untyped(row: bytes, record: Record) -> bytes:
    """The row without its `type`, as a few lists give it."""
    return row.replace(b'"type":"%b",' % record.type.encode(), b"", 1)
