"""The figures behind a card's chart."""

import pandas as pd

from rootly_assets.app.cards import Card, Tab
from rootly_assets.charts.drawn import Drawn


def card(tab: Tab, title: str) -> Card:
    """The one card of this title."""
    (found,) = (each for each in tab.cards if each.title == title)
    return found


def points(tab: Tab, title: str) -> pd.DataFrame:
    """The rows that the chart of this title draws, in order of time."""
    body = card(tab, title).body
    assert isinstance(body, Drawn)
    (rows,) = body.to_dict()["datasets"].values()
    frame = pd.DataFrame(rows)
    frame["period_start"] = pd.to_datetime(frame["period_start"]).dt.date
    return frame.sort_values("period_start", kind="stable")
