"""What a run may ask of the lists, as the Launchpad shows it."""

from datetime import UTC, date, datetime, timedelta

import dagster as dg
from pydantic import Field

from rootly_assets.settings import look_backs
from rootly_assets.sync.planning.options import SyncOptions


class SyncConfig(dg.Config):
    """What a run may ask for instead of the usual incremental read."""

    full_refresh: bool = Field(
        default=False, description="Read every list from end to end, whatever is there."
    )
    sweep: bool = Field(
        default=False,
        description="After the usual read look for what is gone: every incident and alert is paged through, "
        "in no hurry, and children of parents that did not change are read again.",
    )
    since: str | None = Field(
        default=None,
        description="Read again what changed since this time, e.g. 2026-01-31 or 2026-01-31T09:00:00Z (UTC "
        "where it names no other). Nested lists: what was created since then, or all that is below records "
        "that changed since then.",
    )
    until: str | None = Field(
        default=None,
        description="… and until this time; a date without a time means the end of that day.",
    )

    def options(self) -> SyncOptions:
        """The same, checked, with the look-backs that the environment sets.

        Raises:
            dg.Failure: where a time can't be understood, or they don't go together.
        """
        since, until = _instant("since", self.since), _instant("until", self.until)
        if since and until and since > until:
            raise dg.Failure(
                f"since: {self.since} comes after until: {self.until}. Swap them, or leave one of them out.",
                allow_retries=False,
            )
        if self.full_refresh and (since or until):
            raise dg.Failure(
                "full_refresh reads everything, since and until ask for a part of it: leave one of them out.",
                allow_retries=False,
            )
        if self.sweep and (since or until):
            raise dg.Failure(
                "sweep looks for what is gone in all of a list, since and until ask for a part of it: leave "
                "one of them out.",
                allow_retries=False,
            )
        if until and _is_date(self.until or ""):
            until += timedelta(days=1, microseconds=-1)
        return SyncOptions(
            full_refresh=self.full_refresh,
            sweep=self.sweep,
            since=since,
            until=until,
            **look_backs(),
        )


def _instant(name: str, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise dg.Failure(
            f"{name}: {text!r} is not a valid time. Write it like 2026-01-31 or 2026-01-31T09:00:00-08:00.",
            allow_retries=False,
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _is_date(text: str) -> bool:
    """Whether a time is a day without a time of it."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
