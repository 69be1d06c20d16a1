"""Schedules, off until somebody switches them on."""

import dagster as dg

from rootly_assets.assets.raw import domains, step_name
from rootly_assets.jobs import rootly_refresh

hourly = dg.ScheduleDefinition(
    name="hourly_refresh",
    job=rootly_refresh,
    cron_schedule="7 * * * *",
    description="What changed, and the metrics, every hour.",
)

nightly = dg.ScheduleDefinition(
    name="nightly_whole_read",
    job=rootly_refresh,
    cron_schedule="41 3 * * *",
    run_config={
        "ops": {step_name(domain): {"config": {"full_refresh": True}} for domain in domains()}
    },
    description="Every list from end to end, every night: sees deletions, and late edits of every kind.",
)

ALL = [hourly, nightly]
