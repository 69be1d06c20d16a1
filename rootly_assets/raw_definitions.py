"""The part of the project that reads Rootly: raw tables, their checks, jobs and resources.

It needs no dbt, whose import takes as long as Dagster's own: what only reads (`make sync`) loads this alone.
"""

import gc
import os
from functools import lru_cache
from pathlib import Path

import dagster as dg
from dagster import colored_console_logger

from rootly_assets import jobs, schedules, terminal_logger
from rootly_assets.assets.drift import catalogue_is_current, catalogue_spec
from rootly_assets.assets.raw import domain_assets, domains
from rootly_assets.assets.specs import state_spec
from rootly_assets.executors import executor
from rootly_assets.settings import check, database_path, rootly_resource
from rootly_assets.warehouse.destination import warehouse_resource

# dbt runs in its own folder and process: it must find the same file.
os.environ["ROOTLY_DUCKDB_PATH"] = str(database_path())

# How the names of variables begin that settings are read from.
_SETTINGS = (
    "ROOTLY_",
    "CELERY_",
    "MOTHERDUCK_",
    "AWS_",
    "AZURE_STORAGE_",
    "GCS_",
    "SNOWFLAKE_",
    "BIGQUERY_",
    "GOOGLE_",
    "REDSHIFT_",
    "DATABRICKS_",
)

# What is imported stays for the life of the process: the garbage collector need not look through it
# again and again. That is nearly a CPU second in a run.
gc.freeze()


@dg.definitions
def defs() -> dg.Definitions:
    """What reads Rootly.

    Dagster asks for it half a dozen times in one run. The answer stays the same, with all that
    Dagster has worked out from it, until a setting changes.

    Raises:
        NotConfigured: a setting is invalid.
    """
    check()
    return _defs(surroundings())


def surroundings() -> tuple[str, ...]:
    """All that settings are read from: the variables, and the folder that relative paths start in.

    Raises:
        NotConfigured: a package or a variable of the destination is missing.
    """
    # Some make relative places absolute in the environment, for dbt: afterwards it is as it will stay.
    warehouse_resource()
    named = (f"{name}={value}" for name, value in os.environ.items() if name.startswith(_SETTINGS))
    return (str(Path.cwd()), *sorted(named))


@lru_cache(maxsize=1)
def _defs(surroundings: tuple[str, ...]) -> dg.Definitions:  # noqa: ARG001 - they are the key
    return dg.Definitions(
        assets=[*map(domain_assets, domains()), state_spec(), catalogue_spec()],
        asset_checks=[catalogue_is_current],
        jobs=jobs.READING,
        schedules=schedules.READING,
        executor=executor(),
        loggers={
            "console": colored_console_logger,
            terminal_logger.NAME: terminal_logger.terminal_logger,
        },
        resources={"rootly": rootly_resource(), "warehouse": warehouse_resource()},
    )
