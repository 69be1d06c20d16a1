"""Where the steps of a run are carried out; `ROOTLY_EXECUTOR` chooses.

In the run's own process by default: ten domains in a process each cost more in start-up than in reading.
"""

import multiprocessing
import os
from importlib.util import find_spec

import dagster as dg

from rootly_assets.errors import NotConfigured
from rootly_assets.installation import adding
from rootly_assets.settings import (
    EXECUTORS,
    ONE_PROCESS,
    destination,
    executor_name,
    parallel_steps,
)

# What has to be installed; the extra has the executor's name.
_NEEDS = {"celery": "dagster_celery", "k8s": "dagster_k8s"}


def executor() -> dg.ExecutorDefinition:
    """The executor that `ROOTLY_EXECUTOR` names.

    Raises:
        NotConfigured: a package or a variable is missing, or the destination lets one process at a time in.
    """
    name = executor_name()
    if name == EXECUTORS[0]:
        return dg.in_process_executor
    if destination() in ONE_PROCESS:
        raise NotConfigured(
            f"ROOTLY_EXECUTOR is {name}, but the destination {destination()} lets one process at a time in: "
            "choose one for many writers, like ROOTLY_DESTINATION=postgres, or unset ROOTLY_EXECUTOR."
        )
    if name in _NEEDS and find_spec(_NEEDS[name]) is None:
        raise NotConfigured(
            f"ROOTLY_EXECUTOR is {name}, which needs a package that is not installed ({_NEEDS[name]}): "
            f"{adding(name)}."
        )
    return {"multiprocess": _multiprocess, "celery": _celery, "k8s": _k8s}[name]()


def _multiprocess() -> dg.ExecutorDefinition:
    # A fork server imports everything once for all steps; a spawned process does so each time.
    has_server = "forkserver" in multiprocessing.get_all_start_methods()
    start = {"forkserver": {"preload_modules": ["rootly_assets.definitions"]}}
    return dg.multiprocess_executor.configured(
        {
            "max_concurrent": parallel_steps(),
            "start_method": start if has_server else {"spawn": {}},
        }
    )


def _celery() -> dg.ExecutorDefinition:
    from dagster_celery import celery_executor

    # Celery itself reads these in the workers and here, so that the broker's password is in no run config.
    broker = os.environ.get("CELERY_BROKER_URL")
    if not broker:
        raise NotConfigured(
            "ROOTLY_EXECUTOR is celery: set CELERY_BROKER_URL, here and for the workers, "
            "like redis://host:6379/0 or amqp://user@host//."
        )
    if broker.startswith("redis") and not os.environ.get("CELERY_RESULT_BACKEND"):
        raise NotConfigured(
            "ROOTLY_EXECUTOR is celery with Redis as its broker: set CELERY_RESULT_BACKEND too, here and for "
            "the workers, like redis://host:6379/1."
        )
    return celery_executor


def _k8s() -> dg.ExecutorDefinition:
    from dagster_k8s import k8s_job_executor

    # Image, secrets and namespace are those of the run, which its launcher has from the code location.
    return k8s_job_executor.configured({"max_concurrent": parallel_steps()})
