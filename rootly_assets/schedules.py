"""Schedules, off until somebody switches them on; at night means at night in the workspace's time zone."""

import dagster as dg

from rootly_assets.assets.raw import domains
from rootly_assets.assets.steps import step_name
from rootly_assets.jobs import rootly_drift, rootly_forget_runs, rootly_refresh
from rootly_assets.run_health import under_way
from rootly_assets.settings import time_zone


@dg.schedule(
    name="hourly_refresh",
    job=rootly_refresh,
    cron_schedule="7 * * * *",
    execution_timezone=time_zone(),
    description="What changed, and the metrics, every hour; none while a refresh is under way.",
)
def hourly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """A refresh, unless one is under way: it brings all of that, and others would line up behind it."""
    if runs := under_way(context.instance, rootly_refresh.name):
        return dg.SkipReason(f"Run {runs[0].run_id[:8]} of {rootly_refresh.name} is under way.")
    return dg.RunRequest()


nightly = dg.ScheduleDefinition(
    name="nightly_whole_read",
    job=rootly_refresh,
    cron_schedule="41 3 * * *",
    execution_timezone=time_zone(),
    run_config={"ops": {step_name(domain): {"config": {"sweep": True}} for domain in domains()}},
    description="What changed, and what is gone: every incident and alert is looked for, in no hurry.",
)

weekly_drift = dg.ScheduleDefinition(
    name="weekly_drift",
    job=rootly_drift,
    cron_schedule="23 5 * * 1",
    execution_timezone=time_zone(),
    description="What Rootly added to its API since the catalogue was made, every Monday.",
)

nightly_forgetting = dg.ScheduleDefinition(
    name="nightly_forgetting",
    job=rootly_forget_runs,
    cron_schedule="17 2 * * *",
    execution_timezone=time_zone(),
    description="Ended runs that began more than 30 days ago are forgotten, with what their steps printed.",
)

READING = [weekly_drift, nightly_forgetting]
BUILDING = [hourly, nightly]
