"""Ids of the records of a page, as tables have them."""

from collections.abc import Iterator
from contextlib import suppress

import msgspec

from rootly_assets.api import Page


class _Identified(msgspec.Struct):
    id: str | int


_identified = msgspec.json.Decoder(_Identified)


def ids(page: Page) -> Iterator[str]:
    """The id of each record that has one."""
    for each in page.records:
        with suppress(msgspec.DecodeError):
            yield str(_identified.decode(each).id)
