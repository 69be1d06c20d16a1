"""What a page of a list is to the rest of the package: raw records and what was said of them."""

from datetime import datetime

import msgspec

from rootly_assets.api.errors import RootlyError


class Meta(msgspec.Struct, frozen=True):
    """What a list says about itself; every member may be missing.

    Attributes:
        ends: whether it says that no cursor follows, which is more than not saying that one does.
    """

    next_page: int | None = None
    total_count: int | None = None
    next_cursor: str | None = None
    ends: bool = False


class RateLimit(msgspec.Struct, frozen=True):
    """The server's rate-limit headers, of either spelling.

    Attributes:
        limit: requests allowed per window.
        remaining: requests left in it.
        reset: seconds from the answer until the window resets.
        window: the window's length in seconds.
    """

    limit: int | None = None
    remaining: int | None = None
    reset: float | None = None
    window: float = 60.0


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """One answer of a list, redacted.

    Attributes:
        records: JSON text of each item of `data`, in the server's order; none is parsed.
        included: JSON text of each resource of `included`.
        meta: what the list says about itself; None where the answer has no `meta`.
        server_time: the server's own time, from the `Date` header (UTC).
        bytes: size of the body in bytes, decompressed.
        bare: why its records came without what was to come along with them, although the server never
            refused it; None where all came.
    """

    records: list[msgspec.Raw]
    included: list[msgspec.Raw]
    meta: Meta | None
    server_time: datetime | None
    bytes: int
    bare: RootlyError | None = None

    @property
    def goes_on(self) -> bool:
        """Whether it says that there is a page after it."""
        meta = self.meta
        return meta is not None and (meta.next_page is not None or meta.next_cursor is not None)
