"""Sensors: what happens when a run has failed, and when something changes in Rootly."""

from rootly_assets.sensors.failed_runs import (
    explain_failed_runs,
    failed_steps,
    failure_reason,
    held_back,
    metrics_despite_failed_lists,
)
from rootly_assets.sensors.pulse import rootly_pulse

ALL = [metrics_despite_failed_lists, explain_failed_runs, rootly_pulse]

__all__ = [
    "ALL",
    "explain_failed_runs",
    "failed_steps",
    "failure_reason",
    "held_back",
    "metrics_despite_failed_lists",
    "rootly_pulse",
]
