"""Opens an answer: proves that its body is a whole document and slices it into raw records."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import msgspec

from rootly_assets.api.page import Meta


class NotADocumentError(ValueError):
    """The body is not a JSON:API document; the message says what it looks like."""


class Envelope(msgspec.Struct, frozen=True):
    """An answer, sliced: JSON text of each record and of each included resource."""

    records: list[msgspec.Raw]
    included: list[msgspec.Raw]
    meta: Meta | None


class _Listing(msgspec.Struct):
    """An answer whose `data` and `included` are lists, as nearly every one's: sliced in one go."""

    data: list[msgspec.Raw]
    included: list[msgspec.Raw] = []
    meta: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class _Document(msgspec.Struct):
    data: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    included: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    meta: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class _Identity(msgspec.Struct):
    id: msgspec.Raw | None = None


_listing = msgspec.json.Decoder(_Listing)
_document = msgspec.json.Decoder(_Document)
_slices = msgspec.json.Decoder(list[msgspec.Raw])
_identity = msgspec.json.Decoder(_Identity)

_OPENING_ID = re.compile(rb'\{"id":("[^"\\]*")')
# Half of a surrogate pair, as a text cut between the two leaves it: not JSON text by RFC 8259,
# section 8.2.
_LONE_SURROGATE = re.compile(
    rb"(?<!\\)((?:\\\\)*)(?:"
    rb"(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)


def opened(body: bytes) -> Envelope:
    """Slice an answer's body.

    Raises:
        NotADocumentError: not JSON, cut short, or without `data`.
    """
    with suppress(msgspec.DecodeError, UnicodeDecodeError):
        listing = _listing.decode(body)
        return Envelope(records=listing.data, included=listing.included, meta=_meta(listing.meta))
    try:
        document = _document.decode(body)
        records, included = _sliced(document.data), _sliced(document.included)
        meta = _meta(document.meta)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise NotADocumentError(_looks(body)) from None
    if records is None:
        raise NotADocumentError("JSON without the `data` that every answer has")
    return Envelope(records=records, included=included or [], meta=meta)


def mended(body: bytes) -> bytes:
    """Return the body as UTF-8, each byte that is none replaced by U+FFFD.

    One text cut in the middle of a character must not make a whole page unreadable.
    """
    if body.isascii():
        return body
    try:
        body.decode()
    except UnicodeDecodeError:
        return body.decode("utf-8", "replace").encode()
    return body


def without_lone_surrogates(body: bytes) -> bytes:
    """Return the body with every escaped half of a surrogate pair replaced by U+FFFD."""
    return _LONE_SURROGATE.sub(lambda found: found[0] if found[2] else found[1] + rb"\ufffd", body)


def identities(records: list[msgspec.Raw]) -> Iterator[int]:
    """Yield a 64-bit hash per record: of its id, or of the whole record where it has none."""
    for record in records:
        opening = _OPENING_ID.match(record)
        yield hash(opening[1] if opening else _spelled_out(bytes(record)))


def attribute_text(record: msgspec.Raw, name: str) -> str | None:
    """Return one attribute of a record where it is text, else None."""
    try:
        parsed: Any = msgspec.json.decode(record)
        value: Any = parsed["attributes"][name]
    except (msgspec.DecodeError, KeyError, TypeError):
        return None
    return value if isinstance(value, str) else None


def created_at(record: msgspec.Raw) -> datetime | None:
    """Return when a record says that it was created (UTC); None where it doesn't, or without a zone."""
    return instant(record, "created_at")


def instant(record: msgspec.Raw, name: str) -> datetime | None:
    """Return one attribute of a record as an instant (UTC); None where it is none, or without a zone."""
    try:
        moment = datetime.fromisoformat(attribute_text(record, name) or "")
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None


def _spelled_out(text: bytes) -> bytes:
    try:
        found = _identity.decode(text).id
    except msgspec.DecodeError:
        return text
    return text if found is None or bytes(found) == b"null" else bytes(found)


def _sliced(raw: msgspec.Raw | msgspec.UnsetType) -> list[msgspec.Raw] | None:
    """Return the items of a list, an object as the only one; None for anything else."""
    if raw is msgspec.UNSET:
        return None
    first = bytes(memoryview(raw)[:1])
    if first == b"[":
        return _slices.decode(raw)
    return [raw] if first == b"{" else None


def _meta(raw: msgspec.Raw | msgspec.UnsetType) -> Meta | None:
    if raw is msgspec.UNSET:
        return None
    try:
        members = msgspec.json.decode(raw, type=dict[str, Any] | None)
    except msgspec.DecodeError:
        return None
    if not members:
        return None
    cursor = members.get("next_cursor")
    return Meta(
        next_page=_whole(members.get("next_page")),
        total_count=_whole(members.get("total_count")),
        next_cursor=str(cursor) if isinstance(cursor, str | int) and str(cursor) else None,
        ends="next_cursor" in members and cursor in (None, ""),
    )


def _whole(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    return None


def _looks(body: bytes) -> str:
    start = body[:512].lstrip().lower()
    if not start:
        return "nothing at all"
    if start.startswith((b"<!doctype", b"<html", b"<")):
        return "a web page (HTML)"
    if start.startswith((b"{", b"[")):
        return "JSON that is cut short or damaged"
    return "something other than JSON"
