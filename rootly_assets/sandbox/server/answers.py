"""JSON:API answers and errors."""

from collections.abc import Sequence
from typing import Any

import msgspec
from starlette.responses import Response

MEDIA_TYPE = "application/vnd.api+json"


class RefusedError(Exception):
    """A request that gets an error instead of an answer.

    Attributes:
        status: HTTP status.
        title: short name of the error, as in Rootly's `errors[].title`.
        detail: what was wrong with this request.
    """

    def __init__(self, status: int, title: str, detail: str | None = None) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.detail = detail

    def response(self) -> Response:
        """The error as JSON:API `errors`."""
        error = {
            "title": self.title,
            "status": str(self.status),
            "code": None,
            "detail": self.detail,
        }
        return json_answer({"errors": [error]}, status=self.status)


def not_found() -> RefusedError:
    """What Rootly says about anything that is not there, or not for this key."""
    return RefusedError(404, "Not found or unauthorized")


def json_answer(body: Any, *, status: int = 200) -> Response:
    """An answer of the API's media type."""
    return Response(msgspec.json.encode(body), status_code=status, media_type=MEDIA_TYPE)


def document(
    rows: Sequence[bytes] | bytes,
    *,
    included: Sequence[bytes] | None = None,
    links: dict[str, Any] | None = None,
    meta: dict[str, Any] | None = None,
) -> Response:
    """A JSON:API document joined from resource objects that are JSON already.

    Args:
        rows: several resources become an array in `data`, one becomes the object itself.
        included: resources for `included`; None leaves the member out.
        links: the member `links`; None leaves it out.
        meta: the member `meta`; None leaves it out.
    """
    data = rows if isinstance(rows, bytes) else b"[" + b",".join(rows) + b"]"
    parts = [b'{"data":', data]
    if included is not None:
        parts += [b',"included":[', b",".join(included), b"]"]
    if links is not None:
        parts += [b',"links":', msgspec.json.encode(links)]
    if meta is not None:
        parts += [b',"meta":', msgspec.json.encode(meta)]
    parts.append(b"}")
    return Response(b"".join(parts), media_type=MEDIA_TYPE)
