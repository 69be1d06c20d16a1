"""The client: pages of any list, any single resource, and what both have cost."""

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, cast
from urllib.parse import quote

import msgspec

from rootly_assets.api.envelope import created_at
from rootly_assets.api.errors import (
    BrokenBody,
    Forbidden,
    NotFound,
    Rejected,
    RootlyError,
    Unavailable,
)
from rootly_assets.api.following import follow_cursor
from rootly_assets.api.limiter import Limiter
from rootly_assets.api.listing import SMALLEST_PAGE, BareAllowance, Listing, lack_of
from rootly_assets.api.numbered import follow_numbers
from rootly_assets.api.page import Page
from rootly_assets.api.redaction_rules import redaction_rules
from rootly_assets.api.settings import ClientSettings
from rootly_assets.api.transport import Answer, Transport
from rootly_assets.api.usage import Usage
from rootly_assets.api.waiting import sleep as wait
from rootly_assets.catalogue import Endpoint, PageStyle

# For what may be had in another way, or at another time.
FEW_RETRIES = 1


class PageReader(Iterator[Page]):
    """Pages of one list, in order, read as they are asked for.

    Attributes:
        usage: what reading this list has cost so far.
    """

    def __init__(self, pages: Iterator[Page], usage: Usage) -> None:
        self._pages = pages
        self.usage = usage

    def __next__(self) -> Page:
        return next(self._pages)


class Extent(msgspec.Struct, frozen=True, kw_only=True):
    """How long a list is.

    Attributes:
        count: how many rows it has (`meta.total_count`); None where it doesn't say.
        oldest: when its first row was created; None where it is empty, or can't be asked in that order.
    """

    count: int | None
    oldest: datetime | None


class RootlyClient:
    """Reads a Rootly workspace; safe to share between threads.

    Args:
        settings: what to read from, and how.
        limiter: the one that all clients of the token share.
        sleep: waits for seconds between retries.
        now: seconds since 1970.

    Attributes:
        settings: the same, tidied up.
        redaction: names the rules by which what it gives is redacted.

    Raises:
        NotConfigured: the settings won't do.
    """

    def __init__(
        self,
        settings: ClientSettings,
        *,
        limiter: Limiter | None = None,
        sleep: Callable[[float], None] = wait,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.settings = settings.checked()
        self.redaction = redaction_rules(self.settings)
        self._now = now
        self._was_out_of_reach = False
        self._transport = Transport(
            self.settings,
            limiter or Limiter(self.settings.requests_per_minute),
            sleep=sleep,
            now=now,
        )

    def __repr__(self) -> str:
        return f"RootlyClient({self.settings.base_url!r})"

    def pages(
        self,
        endpoint: Endpoint,
        params: Mapping[str, str] | None = None,
        *,
        path_params: Mapping[str, str] | None = None,
        after: str | None = None,
        unhurried: bool = False,
        retries: int | None = None,
        allowance: BareAllowance | None = None,
    ) -> PageReader:
        """Read a list to its proven end.

        Where rows moved between two numbered pages, some are read again: **a row may come more than
        once, and the last one counts** (load by id). When the iterator ends without an error, every
        row that existed from the first request to the last was among the pages; otherwise it
        raises. A few records whose `include` the server can't answer come without it (`Page.bare`).

        Args:
            endpoint: which list.
            params: further query parameters, e.g. filters and `include`; blank ones are left out.
            path_params: values for the `{parameters}` of the endpoint's path.
            after: a cursor (`meta.next_cursor` of an earlier reading) to go on from.
            unhurried: leave part of the rate limit to others (`unhurried_share`).
            retries: attempts after the first for each page, if not as many as the settings say.
            allowance: how many pages may come bare, with others that are read with it; a few of them for None.

        Returns:
            An iterator of pages, with `usage`.

        Raises:
            RootlyError: of the kind that fits; on the request that fails.
        """
        usage = Usage()
        path = _filled(endpoint.path, path_params or {})
        listing = Listing(
            endpoint=endpoint,
            path=path,
            params={key: value for key, value in (params or {}).items() if value != ""},
            page_size=max(1, min(self.settings.page_size, endpoint.pages.max_size)),
            read=self._reader(
                endpoint,
                path,
                usage,
                unhurried=unhurried,
                retries=retries,
                allowance=allowance,
            ),
        )
        if endpoint.pages.style is PageStyle.CURSOR:
            return PageReader(follow_cursor(listing, after), usage)
        return PageReader(follow_numbers(listing), usage)

    def extent(self, endpoint: Endpoint, params: Mapping[str, str], usage: Usage) -> Extent:
        """Ask how long a list is, by one request for one row.

        Args:
            endpoint: a list without parents.
            params: filters.
            usage: what it costs is added here.

        Raises:
            RootlyError: of the kind that fits.
        """
        sort = {"sort": endpoint.sort} if endpoint.sort == "created_at" else {}
        page = self._reader(endpoint, endpoint.path, usage)({**sort, **params, "page[size]": "1"})
        return Extent(
            count=page.meta.total_count if page.meta else None,
            oldest=created_at(page.records[0]) if sort and page.records else None,
        )

    def single(
        self,
        path: str,
        record: str,
        usage: Usage,
        *,
        include: str = "",
        retries: int | None = None,
    ) -> Page:
        """Read one record by itself, as a page of its list.

        Args:
            path: of single records, with `{id}` for theirs, e.g. `/v1/incidents/{id}`.
            record: its id.
            usage: what it costs is added here.
            include: what is to come along.
            retries: attempts after the first, if not as many as the settings say.

        Raises:
            RootlyError: of the kind that fits; `NotFound` where there is no such record.
        """
        path, params = _filled(path, {"id": record}), {"include": include}
        return _page_of(
            self._transport.get(path, params, within=_kind(path), usage=usage, retries=retries)
        )

    def get(
        self,
        resource: str,
        id: str,  # noqa: A002 - the API's own word
        params: Mapping[str, str] | None = None,
        *,
        retries: int | None = None,
    ) -> dict[str, Any]:
        """Fetch one resource: `GET /v1/<resource>/<id>`.

        Args:
            resource: the collection, e.g. `incidents`.
            id: of the resource, or what stands for it (`me`).
            params: query parameters, e.g. `include`.
            retries: attempts after the first, if not as many as the settings say.

        Returns:
            The resource, redacted: `id`, `type`, `attributes`, `relationships`; with `included`
            added where the answer has it.

        Raises:
            RootlyError: of the kind that fits; `NotFound` where there is no such resource.
        """
        path = f"/v1/{quote(resource.strip('/'), safe='/-_')}/{quote(id, safe='')}"
        answer = self._transport.get(
            path, params or {}, within=_kind(path), usage=Usage(), retries=retries
        )
        document = msgspec.json.decode(answer.document, type=dict[str, Any])
        data = document["data"]
        if not isinstance(data, dict):
            raise BrokenBody(
                f"{path} answered with something other than one resource: "
                "check the resource's name.",
                endpoint=path,
                status=200,
            )
        found = cast("dict[str, Any]", data)
        if "included" in document:
            found["included"] = document["included"]
        return found

    def server_now(self) -> datetime:
        """Ask the server what time it is, by one request that any key may make.

        Returns:
            The server's clock (UTC, to the second); this machine's where it doesn't say.

        Raises:
            RootlyError: where the token is wrong or the API is out of reach, so that a run can
            stop here.
        """
        # A run has several steps that ask: once one has waited in vain, the others need not.
        retries = 0 if self._was_out_of_reach else None
        self._was_out_of_reach = True
        with contextlib.suppress(Forbidden, NotFound, Rejected):
            self._transport.get("/v1/users/me", {}, within="", usage=Usage(), retries=retries)
        self._was_out_of_reach = False
        return self._transport.server_time or datetime.fromtimestamp(int(self._now()), UTC)

    def usage(self) -> Usage:
        """Return what this client has cost since it was made."""
        return msgspec.structs.replace(self._transport.usage)

    def _reader(
        self,
        endpoint: Endpoint,
        path: str,
        usage: Usage,
        *,
        unhurried: bool = False,
        retries: int | None = None,
        allowance: BareAllowance | None = None,
    ) -> Callable[[Mapping[str, str]], Page]:
        allowance = allowance or BareAllowance()

        def read(params: Mapping[str, str]) -> Page:
            size = int(params.get("page[size]", 0))
            is_compound = "include" in params
            is_smallest = is_compound and size <= SMALLEST_PAGE

            def ask(asked: Mapping[str, str], retries: int | None) -> Answer:
                return self._transport.get(
                    path,
                    asked,
                    within=_kind(path),
                    usage=usage,
                    lack=partial(lack_of, endpoint, size),
                    retries=retries,
                    unhurried=unhurried,
                )

            # Where a smaller page may help, or a bare one, asking for the same again and again does not.
            is_last_try = not is_compound or (is_smallest and not allowance.is_left)
            try:
                return _page_of(ask(params, retries if is_last_try else FEW_RETRIES))
            except (Unavailable, BrokenBody) as error:
                if not is_smallest or not allowance.take():
                    raise
                alone = {name: value for name, value in params.items() if name != "include"}
                return msgspec.structs.replace(_page_of(ask(alone, FEW_RETRIES)), bare=error)

        return read


def _page_of(answer: Answer) -> Page:
    return Page(
        records=answer.envelope.records,
        included=answer.envelope.included,
        meta=answer.envelope.meta,
        server_time=answer.server_time,
        bytes=answer.size,
    )


def _kind(path: str) -> str:
    """Return which of the kinds that redaction must know a path asks for."""
    parts = path.split("/")
    return next((kind for kind in ("heartbeats", "secrets") if kind in parts), "")


def _filled(path: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        path = path.replace("{" + name + "}", quote(value, safe=""))
    if "{" in path:
        raise RootlyError(f"{path} needs a value for each parameter in braces.", endpoint=path)
    return path
