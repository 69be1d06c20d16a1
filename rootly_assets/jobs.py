"""Jobs: what can be run by name, from the UI, a schedule or the command line."""

import dagster as dg

from rootly_assets.assets import specs
from rootly_assets.assets.drift import catalogue_is_current
from rootly_assets.assets.raw import domains
from rootly_assets.run_history import forget_old_runs

RAW = dg.AssetSelection.tag(specs.PART, specs.RAW)
MODELS = dg.AssetSelection.tag(specs.PART, specs.BUILT)


def lists_of(*domains: str) -> dg.AssetSelection:
    """The raw tables of some domains."""
    return RAW & dg.AssetSelection.groups(*domains)


rootly_sync = dg.define_asset_job(
    "rootly_sync", RAW, description="Read what changed in Rootly into the raw tables."
)
rootly_metrics = dg.define_asset_job(
    "rootly_metrics",
    MODELS,
    description="Build and test the dbt models from the raw tables, and write the report.",
)
rootly_refresh = dg.define_asset_job(
    "rootly_refresh",
    RAW | MODELS,
    description="Read what changed, then build the metrics. Where a list fails, the metrics follow in a "
    "run of their own (sensor metrics_despite_failed_lists), since Dagster skips what is downstream.",
)
rootly_drift = dg.define_asset_job(
    "rootly_drift",
    dg.AssetSelection.checks(catalogue_is_current),
    description="Compare the catalogue with the document that Rootly publishes, and say what is new.",
)
of_domains = [
    dg.define_asset_job(
        f"rootly_{domain}_sync",
        lists_of(domain),
        description=f"Read what changed in the lists of {domain.replace('_', ' ')}.",
    )
    for domain in domains()
]


@dg.job(description="Forget ended runs that began long ago: Dagster keeps all of them for ever.")
def rootly_forget_runs() -> None:
    """One step, whose configuration says how long ago: 30 days."""
    forget_old_runs()


READING = [rootly_sync, rootly_drift, rootly_forget_runs, *of_domains]
BUILDING = [rootly_metrics, rootly_refresh]
