"""Missed heartbeats: those of the mart, and why there may be none."""

from pathlib import Path

import duckdb
import pandas as pd
import pytest

import rootly_assets
from rootly_assets.app.cards import Card
from rootly_assets.app.filters import Filters
from rootly_assets.app.heartbeats import heartbeats
from rootly_assets.queries.clocks import Clocks
from rootly_assets_tests.system.refreshed import NOW

READ = Filters(NOW, 90, "week", "UTC", clocks=Clocks({"heartbeats": NOW}))
ROWS = """
    ('late', 'Import', true, 'active', 60, 400, 340, true, 'Service', false),
    ('later', 'Backup', true, 'expired', 86400, 172800, 86400, true, NULL, false),
    ('well', 'Feed', true, 'active', 60, 10, NULL, false, 'Service', false),
    ('new', 'Training', true, 'waiting', 60, NULL, NULL, false, 'User', false),
    ('off', 'Old', false, 'expired', 60, 400, NULL, false, 'User', false),
    ('gone', 'Gone', true, 'expired', 60, 400, 340, true, 'User', true)
"""


def of(folder: Path, where: str, filters: Filters = READ) -> Card:
    """The card of some of these heartbeats."""
    path = folder / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"""
            CREATE SCHEMA marts;
            CREATE TABLE marts.fct_heartbeats AS
                SELECT * FROM (VALUES {ROWS}) AS given (heartbeat_id, heartbeat_name, is_enabled, status,
                    interval_seconds, silent_seconds, overdue_seconds, is_missed, notification_target_type,
                    is_deleted)
                WHERE {where}
        """)
    return heartbeats(rootly_assets.dataset(path), filters)


def test_what_is_missed_longest_comes_first(tmp_path: Path) -> None:
    card = of(tmp_path, "true")
    assert isinstance(card.body, pd.DataFrame)
    assert card.body.to_dict("list") == {
        "heartbeat": ["Backup", "Import"],
        "expected every": [86400, 60],
        "silent for": [172800, 400],
        "overdue for": [86400, 340],
        "notifies": ["nobody", "Service"],
    }
    assert card.note.startswith("2 of 4 that are switched on, as of the last sync")
    assert "Never heard of, and so not missed: 1." in card.note


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("heartbeat_id IN ('well', 'gone')", "None of 1 that are switched on."),
        (
            "heartbeat_id IN ('well', 'new')",
            "None of 2 that are switched on. Never heard of, and so not missed: 1.",
        ),
        ("heartbeat_id = 'off'", "None: no heartbeat is switched on."),
    ],
)
def test_where_none_is_missed_it_says_of_how_many(tmp_path: Path, where: str, said: str) -> None:
    card = of(tmp_path, where)
    assert (card.is_empty, card.nothing) == (True, said)


def test_where_they_were_never_read_nobody_knows(tmp_path: Path) -> None:
    unread = Filters(NOW, 90, "week", "UTC", clocks=Clocks({"incidents": NOW}))
    assert of(tmp_path, "false", unread).nothing == "Not known: heartbeats were never read."
