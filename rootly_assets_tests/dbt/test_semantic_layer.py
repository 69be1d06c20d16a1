"""MetricFlow answers with the numbers of the marts: `mf query`, as a user runs it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from rootly_assets_tests.dbt.dbt_build import PROJECT, Build

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def project(build_of_hundreds: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the dbt project: MetricFlow reads the `target` folder inside of it."""
    folder = tmp_path_factory.mktemp("project") / "dbt_project"
    shutil.copytree(PROJECT, folder, ignore=shutil.ignore_patterns("target", "logs"))
    run(folder, build_of_hundreds, str(Path(sys.executable).with_name("dbt")), "parse")
    return folder


def run(project: Path, build: Build, *command: str) -> str:
    done = subprocess.run(
        command,
        cwd=project,
        env={**os.environ, "ROOTLY_DUCKDB_PATH": str(build.database)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def query(project: Path, build: Build, metrics: str, group_by: str) -> pd.DataFrame:
    answer = project / "answer.csv"
    arguments = ["--metrics", metrics, "--group-by", group_by, "--csv", str(answer)]
    run(project, build, str(Path(sys.executable).with_name("mf")), "query", *arguments)
    return pd.read_csv(answer)


def test_every_metric_is_valid_against_the_tables(project: Path, build_of_hundreds: Build) -> None:
    out = run(
        project, build_of_hundreds, str(Path(sys.executable).with_name("mf")), "validate-configs"
    )
    assert "ERRORS: 0" in out


def test_the_median_by_severity_and_week_is_that_of_the_mart(
    project: Path, build_of_hundreds: Build
) -> None:
    found = query(project, build_of_hundreds, "mttr_median,mttr_n", "severity,metric_time__week")
    found["week"] = pd.to_datetime(found["metric_time__week"])
    named = found.dropna(subset=["mttr_median", "severity"])
    answers = named.set_index(["week", "severity"])[["mttr_median", "mttr_n"]].sort_index()
    mart = build_of_hundreds.query("""
        SELECT period_start, member_name, median_seconds, n
        FROM marts.metrics_incident_times
        WHERE population = 'strict' AND period = 'week' AND dimension = 'severity'
            AND measured_time = 'resolution' AND member_id <> 'none' AND n > 0
    """)
    mart["week"] = pd.to_datetime(mart["period_start"])
    wanted = mart.set_index(["week", "member_name"])[["median_seconds", "n"]].sort_index()
    assert len(wanted) > 20
    assert list(answers.index) == list(wanted.index)
    assert answers.to_numpy().tolist() == wanted.to_numpy().tolist()


def test_both_populations_have_their_own_metrics(project: Path, build_of_hundreds: Build) -> None:
    found = query(
        project,
        build_of_hundreds,
        "incidents,incidents_parity,mttm_mean_parity,mttr_coverage",
        "metric_time",
    )
    mart = build_of_hundreds.query("""
        SELECT
            count(*) FILTER (is_response_incident) AS strict,
            count(*) FILTER (is_parity_kind) AS parity
        FROM marts.fct_incidents WHERE has_plausible_start AND NOT is_deleted
    """).iloc[0]
    assert found["incidents"].sum() == mart["strict"]
    assert found["incidents_parity"].sum() == mart["parity"] > mart["strict"]
