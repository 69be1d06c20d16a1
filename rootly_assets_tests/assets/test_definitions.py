"""The definitions load anywhere, and hold the jobs, schedules and sensors that are promised."""

import json
import shutil
import subprocess
import sys
import tomllib
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest
import yaml

from rootly_assets import jobs, raw_definitions
from rootly_assets.assets.raw import domains
from rootly_assets.assets.steps import step_name
from rootly_assets.catalogue import wired
from rootly_assets.errors import NotConfigured
from rootly_assets_tests.dbt.commands import PROJECT

REPOSITORY = Path(__file__).parents[2]


def test_they_load(definitions: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(definitions)


@pytest.mark.parametrize(
    ("module", "unused"),
    [
        # Together they take a second and a hundred megabytes.
        ("definitions", {"pandas", "altair"}),
        # dbt's import takes as long as Dagster's.
        ("raw_definitions", {"pandas", "altair", "dagster_dbt", "dbt"}),
        ("cli.jobs", {"pandas", "altair", "dagster_dbt", "dbt"}),
    ],
)
def test_a_process_imports_nothing_that_it_does_not_use(module: str, unused: set[str]) -> None:
    program = (
        f"import sys; import rootly_assets.{module}\nprint(*sys.modules.keys() & {sorted(unused)})"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == []


def test_what_reads_rootly_is_the_same_with_the_models_and_without(
    definitions: dg.Definitions, specs: dict[str, dg.AssetSpec]
) -> None:
    """`make sync` loads it alone; the UI, and what builds the models, all of it."""
    alone = raw_definitions.defs()
    names = {job.name for job in alone.resolve_all_job_defs()} - {"__ASSET_JOB"}
    assert names == {each.name for each in jobs.READING}
    for name in names:
        first, second = (each.resolve_job_def(name) for each in (alone, definitions))
        assert first.asset_layer.selected_asset_keys == second.asset_layer.selected_asset_keys, name
        assert first.graph.node_dict.keys() == second.graph.node_dict.keys(), name
    own = alone.resolve_all_asset_specs()
    assert own
    assert all(specs[each.key.to_user_string()] == each for each in own)


def test_dg_and_workspace_yaml_name_the_same_location_and_module() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["dg"]["project"]
    (location,) = yaml.safe_load((REPOSITORY / "workspace.yaml").read_text())["load_from"]
    assert location["python_module"] == {
        "module_name": project["code_location_target_module"],
        "location_name": project["code_location_name"],
    }


def test_there_is_a_job_for_everything_for_each_half_and_for_each_domain(
    definitions: dg.Definitions,
) -> None:
    names = {job.name for job in definitions.resolve_all_job_defs()}
    of_domains = {f"rootly_{domain}_sync" for domain in domains()}
    assert len(of_domains) == 10
    assert {"rootly_sync", "rootly_metrics", "rootly_refresh"} | of_domains <= names


def test_the_jobs_select_what_their_names_say(definitions: dg.Definitions) -> None:
    def selected(job: str) -> set[str]:
        layer = definitions.resolve_job_def(job).asset_layer
        return {key.to_user_string() for key in layer.selected_asset_keys}

    raw = {f"rootly/{each.table}" for each in wired()}
    assert raw <= selected("rootly_sync")
    assert not any(key.startswith("marts/") for key in selected("rootly_sync"))
    assert not raw & selected("rootly_metrics")
    built = {key.rpartition("/")[2] for key in selected("rootly_metrics")}
    assert {path.stem for path in PROJECT.glob("models/**/*.sql")} <= built
    assert selected("rootly_refresh") >= selected("rootly_sync") | selected("rootly_metrics") - {
        "rootly/_rootly_sync"
    }
    for domain in domains():
        of_domain = {f"rootly/{each.table}" for each in wired() if each.domain == domain}
        assert of_domain <= selected(f"rootly_{domain}_sync")
        assert not (raw - of_domain) & selected(f"rootly_{domain}_sync")


def test_they_leave_other_assets_of_a_code_location_alone(definitions: dg.Definitions) -> None:
    """Whoever merges this project into a location may have groups of the same names."""
    others = [
        dg.asset(name="of_somebody_else", key_prefix=group, group_name=group)(lambda: None)
        for group in ("incidents", "staging", "marts", "reports")
    ]
    merged = dg.Definitions.merge(definitions, dg.Definitions(assets=others))
    for job in definitions.resolve_all_job_defs():
        if job.name.startswith("rootly_"):
            alone, beside = (
                each.resolve_job_def(job.name).asset_layer.selected_asset_keys
                for each in (definitions, merged)
            )
            assert alone == beside, job.name


def test_schedules_are_off_until_somebody_switches_them_on(definitions: dg.Definitions) -> None:
    schedules = {each.name: each for each in definitions.schedules or []}
    jobs: dict[str, str] = {}
    for schedule in schedules.values():
        assert isinstance(schedule, dg.ScheduleDefinition)
        assert schedule.default_status is dg.DefaultScheduleStatus.STOPPED
        jobs[schedule.name] = schedule.job_name
    assert jobs == {
        "hourly_refresh": "rootly_refresh",
        "nightly_whole_read": "rootly_refresh",
        "weekly_drift": "rootly_drift",
        "nightly_forgetting": "rootly_forget_runs",
    }


def test_schedules_begin_when_the_page_says(definitions: dg.Definitions) -> None:
    said = {
        "hourly_refresh": ("at 7 past every hour", "7 * * * *"),
        "nightly_whole_read": ("03:41", "41 3 * * *"),
        "weekly_drift": ("Mondays, 05:23", "23 5 * * 1"),
        "nightly_forgetting": ("02:17", "17 2 * * *"),
    }
    page = (REPOSITORY / "docs" / "operations.md").read_text()
    for name, (when, cron) in said.items():
        assert f"| `{name}` | {when} |" in page
        assert definitions.get_schedule_def(name).cron_schedule == cron


def test_lists_are_stale_after_as_many_hours_as_the_page_says(
    specs: dict[str, dg.AssetSpec],
) -> None:
    page = (REPOSITORY / "docs" / "operations.md").read_text()
    assert "for 3 hours is a warning, for 26 a failure" in page
    lists = [specs[f"rootly/{each.table}"] for each in wired()]
    assert lists
    promised = dg.FreshnessPolicy.time_window(
        warn_window=timedelta(hours=3), fail_window=timedelta(hours=26)
    )
    assert all(each.freshness_policy == promised for each in lists)


def test_the_nightly_read_asks_every_step_to_look_for_what_is_gone(
    definitions: dg.Definitions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ROOTLY_API_TOKEN", "any")
    nightly = definitions.get_schedule_def("nightly_whole_read")
    tick = nightly.evaluate_tick(dg.build_schedule_context())
    (request,) = tick.run_requests or []
    ops = request.run_config["ops"]
    assert ops == {step_name(each): {"config": {"sweep": True}} for each in domains()}
    assert dg.validate_run_config(definitions.resolve_job_def("rootly_refresh"), {"ops": ops})


def test_failures_are_watched_without_anybody_switching_it_on(definitions: dg.Definitions) -> None:
    sensors = {each.name: each for each in definitions.sensors or []}
    assert sensors.keys() >= {"metrics_despite_failed_lists", "explain_failed_runs"}
    assert all(each.description for each in sensors.values())
    watching = sensors["metrics_despite_failed_lists"]
    assert isinstance(watching, dg.SensorDefinition)
    assert watching.default_status is dg.DefaultSensorStatus.RUNNING
    explaining = sensors["explain_failed_runs"]
    assert isinstance(explaining, dg.SensorDefinition)
    assert explaining.default_status is dg.DefaultSensorStatus.STOPPED


def test_everything_that_writes_the_file_waits_for_the_same_pool(
    definitions: dg.Definitions,
) -> None:
    job = definitions.resolve_job_def("rootly_refresh")
    pools = {node.name: node.definition.pool for node in job.graph.nodes}
    assert pools.keys() == {
        *map(step_name, domains()),
        "rootly_dbt",
        "rootly_report",
        "panel_parity",
    }
    assert set(pools.values()) == {"duckdb"}


def test_the_instance_that_make_sets_up_lets_one_writer_in_at_a_time() -> None:
    settings = yaml.safe_load((REPOSITORY / "dagster.yaml").read_text())
    assert settings["concurrency"]["pools"]["default_limit"] == 1


def test_a_setting_that_can_t_be_meant_is_told_before_they_are_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also one that only a step would read: the UI shows the sentence that the command line says."""
    from rootly_assets.definitions import defs

    monkeypatch.setenv("ROOTLY_COLUMN_LINEAGE", "0")
    with pytest.raises(NotConfigured, match="LINEAGE is '0', but should be true or false"):
        defs()


def test_they_are_made_once_until_a_setting_or_the_dbt_project_changes(
    manifest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rootly_assets.definitions import defs

    shutil.copytree(manifest, tmp_path / "dbt")
    monkeypatch.setenv("ROOTLY_DUCKDB_PATH", str(tmp_path / "warehouse.duckdb"))
    made = defs()
    assert defs() is made
    monkeypatch.setenv("ROOTLY_STEP_RETRY_DELAY", "7")
    changed = defs()
    assert changed is not made
    delay = changed.resolve_job_def("rootly_sync").graph.node_named("rootly_services").definition
    assert delay.retry_policy is not None
    assert delay.retry_policy.delay == 7
    (tmp_path / "dbt" / "manifest.json").touch()
    assert defs() is not changed


def test_dbt_parses_anew_what_another_version_has_parsed_whenever_that_was(
    manifest: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rootly_assets.assets.dbt import dbt_project

    shutil.copytree(manifest, tmp_path / "dbt")
    monkeypatch.setenv("ROOTLY_DUCKDB_PATH", str(tmp_path / "warehouse.duckdb"))
    path = tmp_path / "dbt" / "manifest.json"

    path.write_text("{}")
    dbt_project()
    assert path.read_text() == "{}", "it is of this version"
    (tmp_path / "dbt" / "made_of").write_text("something else")
    dbt_project()
    assert len(json.loads(path.read_text())["nodes"]) > 100


def test_they_are_made_once_where_a_place_is_made_absolute_for_dbt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ROOTLY_DUCKDB_PATH", str(tmp_path / "warehouse.duckdb"))
    monkeypatch.setenv("ROOTLY_DESTINATION", "filesystem")
    monkeypatch.setenv("ROOTLY_BUCKET_URL", "files")
    made = raw_definitions.defs()
    assert raw_definitions.defs() is made
