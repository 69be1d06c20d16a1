"""The figures behind a card's chart."""

from typing import Any

import pandas as pd

from rootly_assets.app.cards import Card, Tab
from rootly_assets.charts.drawn import Drawn


def card(tab: Tab, title: str) -> Card:
    """The one card of this title."""
    (found,) = (each for each in tab.cards if each.title == title)
    return found


def drawn(tab: Tab, title: str) -> list[list[dict[str, Any]]]:
    """The rows behind the chart of this title, by its sources of data."""
    return _drawn(card(tab, title))


def bars(tab: Tab, title: str) -> dict[str, str]:
    """What stands beside each bar of the chart of this title, in order."""
    return bars_of(card(tab, title))


def bars_of(found: Card) -> dict[str, str]:
    """What stands beside each bar of a card's chart, in order."""
    (rows,) = _drawn(found)
    return {row["label"]: row["shown"] for row in rows}


def points(tab: Tab, title: str) -> pd.DataFrame:
    """The rows that the chart of this title draws, in order of time."""
    return points_of(card(tab, title))


def points_of(found: Card) -> pd.DataFrame:
    """The rows that a card's chart draws, in order of time."""
    (rows,) = _drawn(found)
    frame = pd.DataFrame(rows)
    frame["period_start"] = pd.to_datetime(frame["period_start"]).dt.date
    return frame.sort_values("period_start", kind="stable")


def _drawn(found: Card) -> list[list[dict[str, Any]]]:
    body = found.body
    assert isinstance(body, Drawn)
    return list(body.to_dict()["datasets"].values())
