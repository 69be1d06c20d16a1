"""The tabs of figures, by name, in order: Rootly's three dashboards, then what those can't show."""

from collections.abc import Callable
from functools import partial

from rootly_assets.app.cards import Tab
from rootly_assets.app.filters import Filters
from rootly_assets.app.learning import learning
from rootly_assets.app.on_call_health import on_call_health
from rootly_assets.app.panels import default_dashboard
from rootly_assets.app.reliability import reliability
from rootly_assets.reader import Dataset

TABS: dict[str, Callable[[Dataset, Filters], Tab]] = {
    "Incident response": partial(default_dashboard, name="Incident Response"),
    "Workload": partial(default_dashboard, name="Workload"),
    "On-call": partial(default_dashboard, name="On-Call Metrics"),
    "Reliability": reliability,
    "On-call health": on_call_health,
    "Learning": learning,
}

OF_ALERTS = ("On-call", "On-call health")
"""Tabs up to when Rootly was last asked for alerts; the others are for incidents."""

EXPLORE = "Explore"
