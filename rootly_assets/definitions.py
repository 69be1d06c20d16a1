"""The whole project on one page: assets, checks, jobs, schedules, sensors and resources."""

import os

import dagster as dg
from dagster import colored_console_logger

from rootly_assets import jobs, schedules, sensors, terminal_logger
from rootly_assets.assets.dbt import dbt_models, dbt_project, dbt_resource
from rootly_assets.assets.drift import catalogue_is_current, catalogue_spec
from rootly_assets.assets.raw import domain_assets, domains
from rootly_assets.assets.specs import state_spec
from rootly_assets.settings import database_memory, database_path, lock_wait, rootly_resource
from rootly_assets.warehouse.duckdb import DuckDBWarehouse

# dbt runs in its own folder and process: it must find the same file.
os.environ["ROOTLY_DUCKDB_PATH"] = str(database_path())


@dg.definitions
def defs() -> dg.Definitions:
    """Everything that Dagster shows of this project."""
    models = dbt_project()
    return dg.Definitions(
        assets=[*map(domain_assets, domains()), state_spec(), catalogue_spec(), dbt_models(models)],
        asset_checks=[catalogue_is_current],
        jobs=jobs.ALL,
        schedules=schedules.ALL,
        sensors=sensors.ALL,
        # One process: 65 lists in one each would cost more in start-up than in reading.
        executor=dg.in_process_executor,
        loggers={
            "console": colored_console_logger,
            terminal_logger.NAME: terminal_logger.terminal_logger,
        },
        resources={
            "rootly": rootly_resource(),
            "warehouse": DuckDBWarehouse(
                database=str(database_path()),
                memory_limit=database_memory(),
                lock_wait=lock_wait(),
            ),
            "dbt": dbt_resource(models),
        },
    )
