"""MetricFlow answers with the numbers of the marts: `mf query`, as a user runs it."""

import os
import random
import shutil
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest

from rootly_assets_tests.dbt.commands import PROJECT, run
from rootly_assets_tests.dbt.dbt_build import Build, dbt_build
from rootly_assets_tests.dbt.generated_incidents import (
    LOADED_AT,
    Row,
    catalogues,
    generated_incidents,
)
from rootly_assets_tests.dbt.raw_workspace import make_raw_workspace

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    folder = tmp_path_factory.mktemp("semantic")
    incidents = generated_incidents(seed=11, count=300)
    rows = {
        "incidents": incidents,
        **catalogues(),
        **follow_ups(incidents),
        **alerts(incidents),
    }
    return dbt_build(
        make_raw_workspace(folder / "warehouse.duckdb", rows, loaded_at=LOADED_AT),
        select=[
            *("+semantic_model:*", "dim_days"),
            *("+metrics_incident_times", "+metrics_action_item_slas"),
            *("+metrics_alert_outcomes", "+metrics_alert_times"),
        ],
    )


def follow_ups(incidents: list[Row]) -> dict[str, list[Row]]:
    """Two action items an incident, one of each kind, and two SLAs for all of them."""
    dice = random.Random(12)
    items: list[Row] = []
    links: list[Row] = []
    for incident in incidents[:240]:
        for kind in ("task", "follow_up"):
            identity = f"{incident['id']}-{kind}"
            created_at = LOADED_AT - timedelta(days=dice.randrange(1, 100))
            items.append(
                {
                    "id": identity,
                    "kind": kind,
                    "priority": dice.choice(["high", "medium", "low"]),
                    "status": dice.choice(["open", "in_progress", "done", "cancelled"]),
                    "due_date": (created_at + timedelta(days=dice.randrange(60))).date(),
                    "created_at": created_at,
                    "updated_at": LOADED_AT - timedelta(hours=dice.randrange(24 * 60)),
                }
            )
            links.append(
                {
                    "id": f"{identity}-link",
                    "incident_id": incident["id"],
                    "action_item_id": identity,
                }
            )
    slas: list[Row] = [
        {
            "id": name,
            "name": name,
            "entity_type": "follow_up",
            "condition_match_type": "ALL",
            "conditions": [],
            "completion_deadline_days": days,
            "completion_deadline_parent_status": "resolved",
        }
        for name, days in (("strict", 14), ("lax", 40))
    ]
    return {"action_items": items, "incident_action_items": links, "slas": slas}


def alerts(incidents: list[Row]) -> dict[str, list[Row]]:
    """One alert an incident of whatever kind, every third one in the group of the one before; some of noise.

    Leaders page; every fifth one is acknowledged within the hour, and with it the member of its group.
    """
    found: list[Row] = [
        {
            "id": f"alert-{number}",
            "source": ("datadog", "grafana")[number % 2],
            "noise": (None, "noise", "not_noise", "not_noise")[number % 4],
            "group_leader_alert_id": f"alert-{number - 1}" if number % 3 == 2 else None,
            "started_at": LOADED_AT - timedelta(hours=number),
            "status": "resolved",
        }
        for number in range(len(incidents))
    ]
    links: list[Row] = [
        {"id": f"link-{number}", "incident_id": incident["id"], "alert_id": f"alert-{number}"}
        for number, incident in enumerate(incidents)
    ]
    events: list[Row] = []
    for number, alert in enumerate(found):
        leader = alert["group_leader_alert_id"] or alert["id"]
        for action, happened, minutes in (
            ("called", leader == alert["id"], 0),
            ("acknowledged", int(str(leader).removeprefix("alert-")) % 5 == 0, number % 59 + 1),
        ):
            if happened:
                events.append(
                    {
                        "id": f"event-{number}-{action}",
                        "alert_id": alert["id"],
                        "action": action,
                        "created_at": LOADED_AT - timedelta(hours=number, minutes=-minutes),
                    }
                )
    return {"alerts": found, "incident_alerts": links, "alert_events": events}


@pytest.fixture(scope="module")
def project(build: Build, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the dbt project: MetricFlow reads the `target` folder inside of it."""
    folder = tmp_path_factory.mktemp("project") / "dbt_project"
    shutil.copytree(PROJECT, folder, ignore=shutil.ignore_patterns("target", "logs"))
    shutil.copytree(build.database.parent / "target", folder / "target")
    return folder


def mf(project: Path, build: Build, *arguments: str) -> str:
    """What MetricFlow answers."""
    ended = run(
        "mf",
        arguments,
        folder=project,
        environment={**os.environ, "ROOTLY_DUCKDB_PATH": str(build.database)},
        log=project / "mf.log",
    )
    assert ended.status == 0, ended.output
    return ended.output


def query(project: Path, build: Build, metrics: str, group_by: str) -> pd.DataFrame:
    answer = project / "answer.csv"
    arguments = ["--metrics", metrics, "--group-by", group_by, "--csv", str(answer)]
    mf(project, build, "query", *arguments)
    return pd.read_csv(answer)


def test_every_metric_is_valid_against_the_tables(project: Path, build: Build) -> None:
    assert "ERRORS: 0" in mf(project, build, "validate-configs")


def test_the_median_by_severity_and_week_is_that_of_the_mart(project: Path, build: Build) -> None:
    found = query(project, build, "mttr_median,mttr_n", "severity,metric_time__week")
    found["week"] = pd.to_datetime(found["metric_time__week"])
    named = found.dropna(subset=["mttr_median", "severity"])
    answers = named.set_index(["week", "severity"])[["mttr_median", "mttr_n"]].sort_index()
    mart = build.query("""
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


def test_inferred_mitigations_are_those_of_the_mart(project: Path, build: Build) -> None:
    found = query(project, build, "mttm_n,mttm_inferred_n", "metric_time__quarter")
    found["quarter"] = pd.to_datetime(found["metric_time__quarter"])
    answers = found.query("mttm_n > 0").sort_values("quarter")
    wanted = build.query("""
        SELECT n, inferred_n, target_inferred_n, target_n FROM marts.metrics_incident_times
        WHERE population = 'strict' AND period = 'quarter' AND dimension = 'all'
            AND measured_time = 'mitigation' AND n > 0 ORDER BY period_start
    """)
    assert 0 < wanted["inferred_n"].sum() < wanted["n"].sum()
    assert 0 < wanted["target_inferred_n"].sum() <= wanted["inferred_n"].sum()
    assert answers["mttm_n"].tolist() == wanted["n"].tolist()
    assert answers["mttm_inferred_n"].tolist() == wanted["inferred_n"].tolist()


def test_both_populations_have_their_own_metrics(project: Path, build: Build) -> None:
    found = query(
        project, build, "incidents,incidents_parity,mttm_mean_parity,mttr_coverage", "metric_time"
    )
    mart = build.query("""
        SELECT
            count(*) FILTER (is_response_incident) AS strict,
            count(*) FILTER (is_parity_kind) AS parity
        FROM marts.fct_incidents WHERE has_plausible_start AND NOT is_deleted
    """).iloc[0]
    assert found["incidents"].sum() == mart["strict"]
    assert found["incidents_parity"].sum() == mart["parity"] > mart["strict"]


def test_open_and_overdue_follow_ups_are_those_of_the_fact(project: Path, build: Build) -> None:
    metrics = "action_items,follow_ups,follow_ups_open,follow_ups_overdue,follow_up_overdue_rate"
    found = query(project, build, metrics, "action_item__priority").set_index(
        "action_item__priority"
    )
    fact = build.query("""
        SELECT priority, count(*) AS items, count(*) FILTER (kind = 'follow_up') AS follow_ups,
            count(*) FILTER (kind = 'follow_up' AND is_open) AS open,
            count(*) FILTER (kind = 'follow_up' AND is_overdue) AS overdue
        FROM marts.fct_action_items WHERE is_in_population AND NOT is_deleted GROUP BY priority
    """).set_index("priority")
    assert len(fact) == 3
    # Those of tests, cancelled and deleted incidents are there, and not counted.
    assert fact["items"].sum() < len(build.mart("fct_action_items"))
    assert (fact["open"] > fact["overdue"]).all()
    assert (fact["overdue"] > 0).all()
    wanted = fact.assign(rate=fact["overdue"] / fact["open"]).sort_index()
    assert found.sort_index()[metrics.split(",")].to_numpy().tolist() == wanted.to_numpy().tolist()


@pytest.mark.parametrize("group", ["sla_target", "sla_name"])
def test_sla_breaches_are_those_of_the_mart(project: Path, build: Build, group: str) -> None:
    """Two SLAs apply to each follow-up, which is one for its target, and one for each of them."""
    metrics = (
        "sla_met,sla_breaches,sla_judged,sla_unknown,sla_coverage,sla_breach_rate_low,sla_breach_rate_high,"
        "sla_breach_rate"
    )
    key = f"action_item_sla__{group}"
    found = query(project, build, metrics, f"{key},metric_time__month").dropna(subset=[key])
    found["month"] = pd.to_datetime(found["metric_time__month"])
    # What is null, since audits date too few, is null here too.
    answers = found.set_index(["month", key])[metrics.split(",")].fillna(-1).sort_index()
    answers = answers[answers["sla_judged"] > 0]
    rows = {"sla_target": "sla_id = 'all'", "sla_name": "sla_target = 'all'"}[group]
    mart = build.query(f"""
        SELECT period_start, {group}, met_count, breached_count, n, unknown_count, coverage,
            breached_share_low, breached_share_high, breached_share
        FROM marts.metrics_action_item_slas
        WHERE period = 'month' AND {rows} AND lower({group}) <> 'all' AND n > 0
    """)
    mart["month"] = pd.to_datetime(mart["period_start"])
    wanted = mart.drop(columns="period_start").set_index(["month", group]).sort_index().fillna(-1)
    assert len(wanted) >= 2
    assert list(answers.index) == list(wanted.index)
    assert answers.to_numpy().tolist() == wanted.to_numpy().tolist()


def test_a_follow_up_under_two_slas_is_breached_once(project: Path, build: Build) -> None:
    found = query(project, build, "sla_breaches", "action_item_sla__sla_target")
    breaches = build.query("""
        SELECT count(*) AS deadlines, count(DISTINCT action_item_id) AS follow_ups
        FROM marts.fct_action_item_slas
        WHERE is_in_population AND NOT is_deleted AND sla_result = 'breached'
    """).iloc[0]
    assert found["sla_breaches"].tolist() == [breaches["follow_ups"]]
    assert breaches["follow_ups"] < breaches["deadlines"]


def test_rates_of_alerts_are_those_of_the_mart(project: Path, build: Build) -> None:
    metrics = "alert_acknowledge_rate,alert_conversion_rate,alert_noise_rate,alerts_with_incident"
    found = query(project, build, metrics, "alert__source,metric_time__month")
    found["month"] = pd.to_datetime(found["metric_time__month"])
    answers = found.set_index(["month", "alert__source"])[metrics.split(",")].sort_index()
    mart = build.query("""
        SELECT period_start, member_name, acknowledge_rate, conversion_rate, noise_ratio,
            converted_count, alert_count
        FROM marts.metrics_alert_outcomes WHERE period = 'month' AND dimension = 'source'
    """)
    mart["month"] = pd.to_datetime(mart["period_start"])
    wanted = mart.set_index(["month", "member_name"]).sort_index()
    assert len(wanted) >= 2
    assert list(answers.index) == list(wanted.index)
    rates = wanted[["acknowledge_rate", "conversion_rate", "noise_ratio", "converted_count"]]
    assert answers.to_numpy().tolist() == rates.to_numpy().tolist()
    assert rates["noise_ratio"].max() > 0.4
    assert (rates["converted_count"] > 0).all()
    attached = build.query("SELECT count(*) FILTER (incident_count > 0) FROM marts.fct_alerts")
    assert rates["converted_count"].sum() < attached.iloc[0, 0], "tests and members led to none"


def test_times_of_alerts_are_those_of_the_mart_s_strict_population(
    project: Path, build: Build
) -> None:
    metrics = "alert_mtta_median,alert_mtta_mean,alert_mtta_p90"
    found = query(project, build, metrics, "metric_time__month").dropna()
    answers = found.sort_values("metric_time__month")[metrics.split(",")]
    wanted = build.query("""
        SELECT population, median_seconds, mean_seconds, p90_seconds FROM marts.metrics_alert_times
        WHERE period = 'month' AND dimension = 'all' AND measured_time = 'acknowledge' AND n > 0
        ORDER BY period_start
    """)
    strict, parity = (
        wanted[wanted["population"] == name].drop(columns="population").to_numpy()
        for name in ("strict", "parity")
    )
    assert len(strict) >= 1
    assert answers.to_numpy() == pytest.approx(strict)
    assert (strict != parity).any(), "members of groups would make a difference"
