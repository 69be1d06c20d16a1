"""One variable chooses where steps run; what can't work is said before a run begins."""

import importlib.util
from typing import Any

import dagster as dg
import pytest

from rootly_assets.assets.panel_parity import parity_asset
from rootly_assets.assets.pools import pool
from rootly_assets.assets.raw import domain_assets
from rootly_assets.assets.report import report_asset
from rootly_assets.cli.preflight import check
from rootly_assets.errors import NotConfigured
from rootly_assets.executors import executor
from rootly_assets.settings import rootly_resource

POSTGRES = {
    "ROOTLY_DESTINATION": "postgres",
    "ROOTLY_POSTGRES_HOST": "db.example",
    "ROOTLY_POSTGRES_DATABASE": "analytics",
    "ROOTLY_POSTGRES_USER": "rootly",
}


@pytest.fixture
def on_postgres(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name, value in POSTGRES.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_steps_run_in_the_process_of_the_run_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert executor() is dg.in_process_executor
    monkeypatch.setenv("ROOTLY_EXECUTOR", "")
    assert executor() is dg.in_process_executor


@pytest.mark.parametrize("name", ["multiprocess", "celery", "k8s"])
def test_each_of_the_others_loads(on_postgres: pytest.MonkeyPatch, name: str) -> None:
    on_postgres.setenv("ROOTLY_EXECUTOR", name)
    on_postgres.setenv("CELERY_BROKER_URL", "amqp://somebody@queue.example//")
    assert executor().name == name


def test_an_unknown_one_is_said_with_those_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROOTLY_EXECUTOR", "threads")
    with pytest.raises(NotConfigured, match=r"'threads'.*in_process, multiprocess, celery, k8s"):
        executor()


@pytest.mark.parametrize("destination", ["duckdb", "motherduck", "ducklake", "filesystem"])
@pytest.mark.parametrize("name", ["multiprocess", "celery", "k8s"])
def test_files_and_many_processes_are_refused_before_anything_is_read(
    monkeypatch: pytest.MonkeyPatch, name: str, destination: str
) -> None:
    monkeypatch.setenv("ROOTLY_DESTINATION", destination)
    monkeypatch.setenv("ROOTLY_EXECUTOR", name)
    said = rf"ROOTLY_EXECUTOR is {name}.*one process at a time.*ROOTLY_DESTINATION=postgres"
    with pytest.raises(NotConfigured, match=said):
        executor()
    with pytest.raises(NotConfigured, match=said) as caught:
        check({})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "package"), [("celery", "dagster_celery"), ("k8s", "dagster_k8s")]
)
def test_a_missing_package_is_said_with_the_command_that_installs_it(
    on_postgres: pytest.MonkeyPatch, name: str, package: str
) -> None:
    on_postgres.setenv("ROOTLY_EXECUTOR", name)
    find = importlib.util.find_spec

    def without(wanted: str, *arguments: Any) -> Any:
        return None if wanted == package else find(wanted, *arguments)

    on_postgres.setattr("rootly_assets.executors.find_spec", without)
    said = rf"ROOTLY_EXECUTOR is {name}.*{package}.*make install EXTRAS={name}"
    with pytest.raises(NotConfigured, match=said):
        executor()


def test_celery_needs_to_know_its_broker_and_with_redis_where_results_go(
    on_postgres: pytest.MonkeyPatch,
) -> None:
    on_postgres.setenv("ROOTLY_EXECUTOR", "celery")
    with pytest.raises(NotConfigured, match="set CELERY_BROKER_URL"):
        executor()
    on_postgres.setenv("CELERY_BROKER_URL", "redis://queue.example:6379/0")
    with pytest.raises(NotConfigured, match="set CELERY_RESULT_BACKEND"):
        executor()
    on_postgres.setenv("CELERY_RESULT_BACKEND", "redis://queue.example:6379/1")
    assert executor().name == "celery"


@pytest.mark.parametrize("name", ["multiprocess", "k8s"])
def test_as_many_steps_at_once_as_one_asks_for(on_postgres: pytest.MonkeyPatch, name: str) -> None:
    on_postgres.setenv("ROOTLY_EXECUTOR", name)
    on_postgres.setenv("ROOTLY_PARALLEL_STEPS", "3")
    given = executor().apply_config_mapping({"config": {}})
    assert given.value["config"]["max_concurrent"] == 3
    on_postgres.setenv("ROOTLY_PARALLEL_STEPS", "none")
    with pytest.raises(NotConfigured, match="ROOTLY_PARALLEL_STEPS is 'none'"):
        executor()


def test_a_bound_on_requests_holds_for_all_steps_together(on_postgres: pytest.MonkeyPatch) -> None:
    unbounded = rootly_resource().requests_per_minute
    on_postgres.setenv("ROOTLY_EXECUTOR", "multiprocess")
    on_postgres.setenv("ROOTLY_PARALLEL_STEPS", "4")
    assert rootly_resource().requests_per_minute == unbounded
    on_postgres.setenv("ROOTLY_REQUESTS_PER_MINUTE", "1000")
    assert rootly_resource().requests_per_minute == 250
    on_postgres.setenv("ROOTLY_REQUESTS_PER_MINUTE", "3")
    assert rootly_resource().requests_per_minute == 1
    on_postgres.setenv("ROOTLY_EXECUTOR", "in_process")
    assert rootly_resource().requests_per_minute == 3


def test_with_many_writers_only_the_same_step_of_two_runs_waits(
    on_postgres: pytest.MonkeyPatch,
) -> None:
    pools = [domain_assets(domain).op.pool for domain in ("alerts", "incidents")]
    assert pools == ["rootly_alerts", "rootly_incidents"]
    assert [parity_asset().op.pool, report_asset().op.pool] == ["panel_parity", "rootly_report"]
    on_postgres.setenv("ROOTLY_DESTINATION", "duckdb")
    assert {pool("rootly_alerts"), pool("rootly_incidents"), pool("rootly_dbt")} == {"duckdb"}
    # The environment of the moment counts, not that of the import.
    assert {parity_asset().op.pool, report_asset().op.pool} == {"duckdb"}
