"""Cutting a selection into pages: numbered, by cursor, by `page` and `per_page`, or not at all."""

import base64
import binascii
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec

from rootly_assets.sandbox.lists import ListEndpoint, Paging
from rootly_assets.sandbox.record import Record
from rootly_assets.sandbox.server.answers import RefusedError
from rootly_assets.sandbox.server.query import Query
from rootly_assets.sandbox.server.selection import Key, Selection


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its rows, and what `meta` and `links` say about it."""

    rows: list[Record]
    meta: dict[str, Any]
    links: dict[str, Any]


def cut(
    endpoint: ListEndpoint,
    selection: Selection,
    query: Query,
    *,
    url: str,
    deep_page_limit: int | None,
) -> Page:
    """The page of `selection` that the request asks for; RefusedError (400) beyond the limits."""
    total = len(selection.rows)
    if endpoint.paging is Paging.NONE:
        return _page(selection, query, url=url, start=0, size=max(total, 1), number=1)
    if endpoint.paging is Paging.PAGE_PER_PAGE:
        size = min(query.integer("per_page", endpoint.default_size), endpoint.max_size)
        number = query.integer("page", 1)
        return _page(selection, query, url=url, start=(number - 1) * size, size=size, number=number)
    size = query.integer("page[size]", endpoint.default_size)
    if size > endpoint.max_size:
        raise RefusedError(400, "Bad Request", f"page[size] must not exceed {endpoint.max_size}")
    cursor = query.get("page[after]")
    if endpoint.paging is Paging.CURSOR_ONLY or (endpoint.paging is Paging.CURSOR and cursor):
        start = selection.after(_read_cursor(cursor, selection.sort)) if cursor else 0
        counted = endpoint.paging is Paging.CURSOR
        return _cursor_page(
            selection, url=url, query=query, start=start, size=size, counted=counted
        )
    number = query.integer("page[number]", 1)
    if deep_page_limit is not None and number > deep_page_limit:
        raise RefusedError(400, "Bad Request", f"page[number] must not exceed {deep_page_limit}")
    page = _page(selection, query, url=url, start=(number - 1) * size, size=size, number=number)
    if endpoint.paging is Paging.CURSOR:
        page.meta["next_cursor"] = _next_cursor(selection, start=(number - 1) * size, size=size)
    return page


def _page(
    selection: Selection, query: Query, *, url: str, start: int, size: int, number: int
) -> Page:
    total = len(selection.rows)
    pages = -(-total // size)
    following = number + 1 if number < pages else None
    previous = number - 1 if number > 1 else None
    meta = {
        "current_page": number,
        "next_page": following,
        "prev_page": previous,
        "total_count": total,
        "total_pages": pages,
    }

    def link(page: int) -> str:
        return _link(url, query, {"page[number]": str(page), "page[size]": str(size)})

    links = {
        "self": link(number),
        "first": link(1),
        "prev": None if previous is None else link(previous),
        "next": None if following is None else link(following),
        "last": link(max(pages, 1)),
    }
    return Page(selection.rows[start : start + size], meta, links)


def _cursor_page(
    selection: Selection, *, url: str, query: Query, start: int, size: int, counted: bool
) -> Page:
    total = len(selection.rows)
    cursor = _next_cursor(selection, start=start, size=size)
    meta: dict[str, Any] = {
        "next_cursor": cursor,
        "current_page": None,
        "next_page": None,
        "prev_page": None,
        "total_count": total if counted else None,
        "total_pages": -(-total // size) if counted else None,
    }
    here = _link(url, query, {})
    following = _link(url, query, {"page[after]": cursor}) if cursor else None
    links = {"self": here, "first": here, "prev": None, "next": following, "last": None}
    return Page(selection.rows[start : start + size], meta, links)


def _next_cursor(selection: Selection, *, start: int, size: int) -> str | None:
    end = start + size
    if end >= len(selection.rows):
        return None
    text = msgspec.json.encode([selection.sort, *selection.key(end - 1)])
    return base64.urlsafe_b64encode(text).decode()


def _read_cursor(cursor: str, sort: str) -> Key:
    try:
        decoded = msgspec.json.decode(
            base64.urlsafe_b64decode(cursor), type=tuple[str, int, float | str, str]
        )
    except (binascii.Error, msgspec.MsgspecError, ValueError):
        raise RefusedError(400, "Bad Request", "page[after] is not a cursor of this list") from None
    if decoded[0] != sort:
        raise RefusedError(400, "Bad Request", "page[after] was given for another sort")
    return decoded[1:]


def _link(url: str, query: Query, changes: dict[str, str]) -> str:
    parameters = dict(parse_qsl(query.text, keep_blank_values=True)) | changes
    return f"{url}?{urlencode(parameters)}" if parameters else url
