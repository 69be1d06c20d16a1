"""Whether a list has changed since its table was read: by one request, and a mark that remembers the answer.

The count starts at the table's watermark, not an overlap before it: rows of the overlap would be found again
at every look. A row that Rootly stamped before the watermark and showed only after it is not counted; the
overlap of the next sync brings it along.

Where many records change, each look finds something. Between two runs for one list lies a least time: what is
found in it waits, and the first look after it starts one run for all of it.

A record that is stamped with a time to come stays behind no watermark until then: it is a change when it shows
itself, and one more when its time has come.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from rootly_assets.api import Page, RootlyClient, RootlyError
from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.state import CLOCKS_APART

ATTRIBUTE = "updated_at"


class Mark(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far one list has been looked at; the sensor's memory between two ticks.

    Attributes:
        since: the watermark of the last sync that is known: what changed before it has been read.
        asked_for: how many records had changed since then when a run was asked for; 0 if none was, or others
            wait for the next one.
        newest: when the newest change that was ever seen took place; None where the list can't be sorted by it.
        ahead: how many of the records are stamped with a time to come, and have been asked for.
        asked_at: when a run was last asked for, by the server's clock.
    """

    since: datetime
    asked_for: int = 0
    newest: datetime | None = None
    ahead: int = 0
    asked_at: datetime | None = None


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One answer of the list.

    Attributes:
        count: records that changed since the mark.
        newest: when the newest of them changed; None where there is none, or the list can't be sorted by it.
        ahead: how many of them are stamped with a time to come.
        at: when the server answered, by its own clock.
    """

    count: int
    newest: datetime | None = None
    ahead: int = 0
    at: datetime


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What a look led to.

    Attributes:
        mark: what to remember.
        run_key: names the change, so that no two runs are started for it; None where there is nothing to read.
        said: the finding in a sentence, for the person who reads the sensor's ticks.
    """

    mark: Mark
    run_key: str | None = None
    said: str


def follow(
    name: str,
    mark: Mark | None,
    look: Callable[[datetime], Look],
    watermark: Callable[[], datetime],
    gap: timedelta,
) -> Finding:
    """Find out whether there is something to read.

    The warehouse is asked only where it matters: at the first look, after a change, and as long as the run that
    was asked for has not brought it in. Quiet ticks leave the file alone.

    Args:
        name: of the list, e.g. `incidents`.
        mark: what was remembered; None at the first look.
        look: asks the list what changed since a time; one request.
        watermark: asks the warehouse until when the list has been read.
        gap: the least time between two runs.
    """
    is_up_to_date = mark is None or mark.asked_for > 0
    if is_up_to_date:
        mark = _moved(mark, watermark())
    assert mark is not None, "the first look makes a mark"
    found = look(mark.since)
    if _is_news(found, mark) and not is_up_to_date:
        # Another run may have read it since the mark was made.
        moved = _moved(mark, watermark())
        if moved != mark:
            mark = moved
            found = look(mark.since)
    if not _is_news(found, mark):
        last = f"; the last change was at {_said(mark.newest)}" if mark.newest else ""
        ahead = f", but for {found.ahead} stamped with a time to come" if found.ahead else ""
        return Finding(
            mark=msgspec.structs.replace(mark, asked_for=0, ahead=found.ahead),
            said=f"No {name} changed since they were read at {_said(mark.since)}{ahead}{last}.",
        )
    newest = found.newest or mark.newest
    seen = msgspec.structs.replace(mark, asked_for=found.count, newest=newest, ahead=found.ahead)
    when = f", the last at {_said(found.newest)}" if found.newest else ""
    said = f"{found.count} of the {name} changed since they were read at {_said(mark.since)}{when}"
    if seen == mark:
        return Finding(
            mark=seen,
            said=f"{said}: a run was started for that, but did not load it. See whether it failed.",
        )
    if (until := _waits_until(mark, found.at, gap)) is not None:
        # No run is asked for yet: what the next look finds is news again, whatever it is.
        return Finding(
            mark=msgspec.structs.replace(mark, asked_for=0, newest=newest),
            said=f"{said}: the next run for {name} is not started before {_said(until)}.",
        )
    ahead = f" {found.ahead} ahead" if found.ahead else ""
    # Of a change that a run has failed to load, another run is another one.
    key = (
        _text(mark.since),
        str(found.count),
        *(_text(each) if each else "-" for each in (newest, mark.asked_at)),
    )
    return Finding(
        mark=msgspec.structs.replace(seen, asked_at=found.at),
        run_key=f"{name} {' '.join(key)}{ahead}",
        said=f"{said}.",
    )


def look_at(client: RootlyClient, endpoint: Endpoint, since: datetime, *, sort: bool) -> Look:
    """Ask a list what changed since a time, by one request for one record.

    Where the answer leaves open whether something is stamped with a time to come, by a second one.

    Args:
        client: asks for one record a page.
        endpoint: a list with `filter[updated_at]`.
        since: an instant, by the server's clock.
        sort: whether the list takes `sort=-updated_at`, so that the one record is the newest. Without it a
            record that changes again before it was read is not noticed: the count stays the same.

    Raises:
        RootlyError: of the kind that fits; also where the filter is not heeded, since every tick would then
            start a run.
    """
    params = {f"filter[{ATTRIBUTE}][gte]": _text(since)}
    if sort:
        params["sort"] = f"-{ATTRIBUTE}"
    page = next(client.pages(endpoint, params))
    answered = page.server_time or datetime.now(UTC)
    if not page.records:
        return Look(count=0, at=answered)
    changed = _changed_at(page.records[0])
    if changed is None or changed < since:
        raise RootlyError(
            f"{endpoint.path} was asked for what changed since {_said(since)}, and answered with a record that "
            "did not: it seems to ignore the filter, so that no run is started for it.",
            endpoint=endpoint.path,
        )
    now = answered + CLOCKS_APART
    ahead = 0 if sort and changed <= now else _count(client, endpoint, now)
    return Look(count=_counted(page), newest=changed if sort else None, ahead=ahead, at=answered)


def _count(client: RootlyClient, endpoint: Endpoint, since: datetime) -> int:
    return _counted(next(client.pages(endpoint, {f"filter[{ATTRIBUTE}][gte]": _text(since)})))


def _counted(page: Page) -> int:
    total = page.meta.total_count if page.meta else None
    return total or len(page.records)


class _Attributes(msgspec.Struct):
    updated_at: str | None = None


class _Record(msgspec.Struct):
    attributes: _Attributes


def _changed_at(record: msgspec.Raw) -> datetime | None:
    try:
        text = msgspec.json.decode(record, type=_Record).attributes.updated_at
        moment = datetime.fromisoformat(text) if text else None
    except (msgspec.DecodeError, ValueError):
        return None
    if moment is None:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _waits_until(mark: Mark, now: datetime, gap: timedelta) -> datetime | None:
    """When the next run may start; None where it may now, as it may if the clock was put back."""
    if mark.asked_at is None or now < mark.asked_at:
        return None
    until = mark.asked_at + gap
    return until if now < until else None


def _is_news(found: Look, mark: Mark) -> bool:
    """Whether a record changed that is not merely ahead of its time, and known to be."""
    return found.count > found.ahead or found.ahead > mark.ahead


def _moved(mark: Mark | None, watermark: datetime) -> Mark:
    """The mark, from the present watermark on; the same where that has not moved."""
    if mark is not None and mark.since == watermark:
        return mark
    if mark is None:
        return Mark(since=watermark)
    return msgspec.structs.replace(mark, since=watermark, asked_for=0)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _said(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
