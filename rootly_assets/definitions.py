"""The whole project on one page: what reads Rootly, and what is built from it."""

import gc
from functools import lru_cache

import dagster as dg

from rootly_assets import jobs, raw_definitions, schedules, sensors
from rootly_assets.assets.dbt import dbt_models, dbt_project, dbt_resource
from rootly_assets.assets.panel_parity import parity_asset
from rootly_assets.assets.report import report_asset
from rootly_assets.settings import check

# As for what reads: dbt's modules stay, too.
gc.freeze()


@dg.definitions
def defs() -> dg.Definitions:
    """Everything that Dagster shows of this project.

    It stays the same until a setting or a file of the dbt project changes.

    Raises:
        NotConfigured: a setting is invalid.
    """
    check()
    manifest_made = dbt_project().manifest_path.stat().st_mtime_ns
    return _defs(raw_definitions.surroundings(), manifest_made)


@lru_cache(maxsize=1)
def _defs(surroundings: tuple[str, ...], manifest_made: int) -> dg.Definitions:  # noqa: ARG001 - they are the key
    models = dbt_project()
    built = dg.Definitions(
        assets=[dbt_models(models), report_asset(), parity_asset()],
        jobs=jobs.BUILDING,
        schedules=schedules.BUILDING,
        sensors=sensors.ALL,
        resources={"dbt": dbt_resource(models)},
    )
    return dg.Definitions.merge(raw_definitions.defs(), built)
