"""The tabs of Rootly's dashboards, narrowed: figures of what is shown, and of nothing else."""

from datetime import timedelta
from itertools import pairwise

import pytest

from rootly_assets.app.filters import Filters
from rootly_assets.app.panels import default_dashboard
from rootly_assets.reader import Dataset
from rootly_assets_tests.app.drawn import card, points
from rootly_assets_tests.system.refreshed import NOW


@pytest.mark.parametrize(("filtered", "attribute"), [("service", "services"), ("team", "teams")])
def test_time_between_failures_is_between_those_that_are_shown(
    dataset: Dataset, filtered: str, attribute: str
) -> None:
    alerts = dataset.sql(f"""
        SELECT held.member, facts.started_at FROM marts.fct_alerts AS facts
        INNER JOIN intermediate.int_rootly__panel_attributes AS held
            ON held.collection = 'alerts' AND held.record_id = facts.alert_id
        WHERE held.attribute = '{attribute}' AND NOT facts.is_deleted
        ORDER BY facts.started_at
    """).df()
    member = alerts["member"].value_counts().idxmax()
    moments = alerts.loc[alerts["member"] == member, "started_at"]
    gaps = [(after - before).total_seconds() for before, after in pairwise(moments)]
    assert len(gaps) > 2

    filters = Filters(NOW, None, "quarter", "UTC", **{filtered: member})
    tab = default_dashboard(dataset, filters, name="On-Call Metrics")
    shown = points(tab, "Mean Time between Failure").dropna(subset=["value"])

    assert shown["n"].sum() == len(gaps)
    days = (shown["value"] * shown["n"]).sum()
    assert days * 86400 == pytest.approx(sum(gaps))
    assert "among those that are shown" in card(tab, "Mean Time between Failure").note


@pytest.mark.parametrize("days_ago", [0, 5000], ids=["as they are", "nothing happened yet"])
def test_a_panel_over_time_and_the_same_in_all_are_told_apart(
    dataset: Dataset, days_ago: int
) -> None:
    filters = Filters(NOW - timedelta(days=days_ago), 90, "week", "UTC")
    for name in ("Incident Response", "Workload", "On-Call Metrics"):
        titles = [each.title for each in default_dashboard(dataset, filters, name=name).cards]
        assert len(set(titles)) == len(titles)


def test_alerts_are_signal_and_noise_as_on_the_other_tabs(dataset: Dataset) -> None:
    tab = default_dashboard(dataset, Filters(NOW, None, "quarter", "UTC"), name="On-Call Metrics")
    assert set(points(tab, "Signal:Noise Ratio")["series"]) == {"signal", "noise"}
