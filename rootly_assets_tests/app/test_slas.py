"""Follow-ups that missed their SLA: shares of the mart, of deadlines that are past."""

import re
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb

import rootly_assets
from rootly_assets.app.filters import Filters, choices
from rootly_assets.app.slas import slas
from rootly_assets.reader import Dataset
from rootly_assets_tests.app.drawn import bars_of
from rootly_assets_tests.system.refreshed import NOW, Once

ALL = Filters(NOW, None, "week", "UTC")


def test_shares_are_those_of_the_mart(dataset: Dataset) -> None:
    """Seen from so late that every deadline is past."""
    mart = dataset.sql("""
        SELECT sla_target || ': ' || sla_name AS label, sum(breached_count) AS breached,
            sum(ended_count) AS n, sum(unknown_count) AS unknown,
            sum(breached_share_low * ended_count) / sum(ended_count) AS low,
            sum(breached_share_high * ended_count) / sum(ended_count) AS high
        FROM marts.metrics_action_item_slas
        WHERE period = 'quarter' AND sla_target <> 'all' AND sla_id <> 'all'
        GROUP BY 1 HAVING sum(ended_count) > 0
    """).records()
    shown = bars_of(slas(dataset, replace(ALL, until=NOW + timedelta(days=400))))
    assert set(shown) == {row["label"] for row in mart}
    for row in mart:
        if row["unknown"]:
            counts = f"{row['breached']:.0f} to {row['breached'] + row['unknown']:.0f}"
            share = f"{row['low']:.0%} to {row['high']:.0%} ({counts} of {row['n']:.0f}"
        else:
            share = f"{row['low']:.0%} ({row['breached']:.0f} of {row['n']:.0f}"
        assert shown[row["label"]].startswith(share)
        assert (", few" in shown[row["label"]]) == (row["n"] < 5)
    assert sum(row["breached"] for row in mart) > 0
    assert any(row["unknown"] for row in mart)


def test_a_deadline_that_is_to_come_is_in_no_share(on_duckdb: Once, tmp_path: Path) -> None:
    path = Path(shutil.copy(on_duckdb.folder / "warehouse.duckdb", tmp_path))
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            f"UPDATE marts.fct_action_item_slas SET deadline_on = DATE '{NOW.date()}', sla_result = 'met'"
        )
    with rootly_assets.dataset(path).opened() as opened:
        assert slas(opened, ALL).body is None
        assert slas(opened, replace(ALL, until=NOW + timedelta(days=1))).body is not None


def test_a_severity_and_fewer_days_have_fewer(dataset: Dataset) -> None:
    def counted(filters: Filters) -> int:
        said = " ".join(bars_of(slas(dataset, filters)).values())
        return sum(int(n) for n in re.findall(r"\d+ of (\d+)", said))

    everything = counted(ALL)
    assert 0 < counted(replace(ALL, days=30)) < everything
    severities = choices(dataset)["severity"]
    assert any(0 < counted(replace(ALL, severity=each)) < everything for each in severities)


def test_of_a_team_without_incidents_there_is_nothing(dataset: Dataset) -> None:
    card = slas(dataset, replace(ALL, team="Nobody's"))
    assert (card.body, card.nothing) == (None, "None.")
