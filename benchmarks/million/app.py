"""The two lists over HTTP, as cheaply as Python can: an ASGI application without a framework."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from benchmarks.million.history import History

_LARGEST_PAGE = 100
_ME = b'{"data":{"id":"1","type":"users","attributes":{"email":"bench@example.com"}}}'
_BOUND = re.compile(r"filter\[(created_at|updated_at)\]\[(gte|lt)\]")


class App:
    """Answers pages by cursor, filtered by time of creation or of the last change.

    Args:
        histories: by the name of the list.
        now: the server's time.
        token: the bearer token that is accepted.

    Attributes:
        asked: requests by path.
        now: the server's time.
    """

    def __init__(self, histories: Mapping[str, History], *, now: datetime, token: str) -> None:
        self._histories = histories
        self._authorization = f"Bearer {token}".encode()
        self._kept: dict[tuple[str, str], Sequence[int]] = {}
        self.asked: Counter[str] = Counter()
        self.now = now

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG002 - ASGI
        """Answer one request."""
        path: str = scope["path"]
        self.asked[path] += 1
        status, body = self._answer(path, dict(scope["headers"]), scope["query_string"].decode())
        headers = [
            (b"content-type", b"application/vnd.api+json"),
            (b"content-length", b"%d" % len(body)),
            (b"date", format_datetime(self.now, usegmt=True).encode()),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def change(self, rows: int, when: datetime) -> None:
        """Let so many records of each list change, and the server's clock be there."""
        for history in self._histories.values():
            history.change(rows, when, when.isoformat(timespec="milliseconds"))
        self._kept.clear()
        self.now = when

    def _answer(self, path: str, headers: dict[bytes, bytes], text: str) -> tuple[int, bytes]:
        if headers.get(b"authorization") != self._authorization:
            return 401, b'{"errors":[{"title":"Unauthorized","status":"401"}]}'
        if path == "/v1/users/me":
            return 200, _ME
        name = path.removeprefix("/v1/")
        if name not in self._histories:
            return 404, b'{"errors":[{"title":"Not found","status":"404"}]}'
        query = dict(parse_qsl(text))
        size = int(query.get("page[size]", "50"))
        if size > _LARGEST_PAGE:
            return 400, b'{"errors":[{"title":"page[size] must not exceed 100","status":"400"}]}'
        return 200, self._page(name, query, size)

    def _page(self, name: str, query: dict[str, str], size: int) -> bytes:
        positions = self._positions(name, query)
        # What it serves does not move while it is read, so that a place will do as a cursor.
        start = int(query.get("page[after]", "0"))
        history = self._histories[name]
        rows = b",".join(history.json(each) for each in positions[start : start + size])
        end = start + size
        meta = {
            "next_cursor": str(end) if end < len(positions) else None,
            "total_count": len(positions),
            "total_pages": -(-len(positions) // size),
        }
        return b'{"data":[%b],"meta":%b}' % (rows, msgspec.json.encode(meta))

    def _positions(self, name: str, query: dict[str, str]) -> Sequence[int]:
        asked = {key: value for key, value in query.items() if not key.startswith("page[")}
        key = (name, repr(sorted(asked.items())))
        if key not in self._kept:
            self._kept[key] = self._selected(self._histories[name], asked)
        return self._kept[key]

    def _selected(self, history: History, asked: dict[str, str]) -> Sequence[int]:
        bounds: dict[tuple[str, str], datetime] = {}
        for name, value in asked.items():
            if match := _BOUND.fullmatch(name):
                moment = datetime.fromisoformat(value)
                bounds[match[1], match[2]] = moment.replace(tzinfo=moment.tzinfo or UTC)
        if changed := bounds.get(("updated_at", "gte")):
            return history.updated(changed)
        found = history.created(bounds.get(("created_at", "gte")), bounds.get(("created_at", "lt")))
        return found[::-1] if asked.get("sort") == "created_at" else found
