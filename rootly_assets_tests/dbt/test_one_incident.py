"""One incident, followed from its raw row into every mart that should speak of it."""

from collections.abc import Hashable
from datetime import UTC, datetime

import pandas as pd
import pytest

from rootly_assets_tests.dbt.dbt_build import Build, dbt_build
from rootly_assets_tests.dbt.raw_workspace import make_raw_workspace

# A build of its own; one of nothing and one without On-Call are made in CI.
pytestmark = pytest.mark.exhaustive


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    incident = {
        "id": "i1",
        "sequential_id": 42,
        "title": "Checkout fails",
        "kind": "normal",
        "status": "resolved",
        "user": {"data": {"id": "7", "type": "users", "attributes": {"name": "Ada"}}},
        "severity": {"data": {"id": "s1", "type": "severities", "attributes": {"name": "SEV1"}}},
        "services": [
            {"data": {"id": "api", "type": "services", "attributes": {"name": "API"}}},
            {"data": {"id": "web", "type": "services", "attributes": {"name": "Web"}}},
        ],
        "started_at": datetime(2026, 1, 1, 10, tzinfo=UTC),
        "acknowledged_at": datetime(2026, 1, 1, 10, 5, tzinfo=UTC),
        "mitigated_at": datetime(2026, 1, 1, 9, tzinfo=UTC),
        "resolved_at": datetime(2026, 1, 1, 12, tzinfo=UTC),
    }
    database = make_raw_workspace(
        tmp_path_factory.mktemp("one_incident") / "warehouse.duckdb",
        {
            "incidents": [incident],
            "severities": [{"id": "s1", "name": "SEV1", "severity": "critical", "position": 1}],
            "services": [
                {"id": "api", "name": "API"},
                {"id": "web", "name": "Web", "_deleted_at": datetime(2026, 1, 2, tzinfo=UTC)},
            ],
            # A status of tomorrow's Rootly, and a link to a service that nobody has seen.
            "alerts": [{"id": "a1", "status": "pondered", "noise": "noise"}],
            "alert_services": [{"id": "l1", "alert_id": "a1", "service_id": "gone"}],
        },
        loaded_at=datetime(2026, 1, 3, tzinfo=UTC),
    )
    return dbt_build(database)


def test_what_is_doubtful_warns_and_fails_nothing(build: Build) -> None:
    assert build.named("warn") == {
        "every_link_finds_its_record",
        "every_value_is_documented",
        "no_milestone_is_before_the_start",
        "relationships_fct_incidents_created_by_user_id__user_id__ref_dim_users_",
    }
    assert set(build.statuses.values()) == {"success", "pass", "warn"}


def test_a_new_value_and_a_dangling_link_are_named_with_table_and_column(build: Build) -> None:
    assert found(build, "every_value_is_documented") == [
        {
            "model_name": "stg_rootly__alerts",
            "column_name": "status",
            "found_value": "pondered",
            "row_count": 1,
        }
    ]
    assert found(build, "every_link_finds_its_record") == [
        {
            "model_name": "stg_rootly__alert_services",
            "column_name": "service_id",
            "row_count": 1,
            "example": "gone",
        }
    ]


def found(build: Build, test: str) -> list[dict[Hashable, object]]:
    """The rows that a test of the dbt project warns of."""
    return build.query(
        str(build.manifest["nodes"][f"test.rootly.{test}"]["compiled_code"])
    ).to_dict("records")


def test_the_fact_has_its_durations_in_seconds(build: Build) -> None:
    fact = build.mart("fct_incidents").iloc[0]

    assert fact["severity_level"] == "critical"
    assert fact["created_by_user_id"] == "7"
    assert fact["acknowledge_time_seconds"] == 300
    assert fact["resolution_time_seconds"] == 7200
    assert pd.isna(fact["mitigation_time_seconds"])
    assert fact["is_mitigation_time_negative"]
    assert fact["is_response_incident"]
    assert not fact["is_open"]


def test_each_day_since_has_a_row(build: Build) -> None:
    daily = build.mart("incident_metrics_daily").query("population == 'strict'")

    assert dict(zip(daily["metric_date"].astype(str), daily["incident_count"], strict=True)) == {
        "2026-01-01": 1,
        "2026-01-02": 0,
        "2026-01-03": 0,
    }


def test_each_of_its_services_counts_it_even_a_deleted_one(build: Build) -> None:
    daily = build.mart("incident_metrics_daily_by_service").query(
        "population == 'parity' and incident_count > 0"
    )

    assert sorted(daily["service_name"]) == ["API", "Web"]
    assert set(daily["resolution_time_median_seconds"]) == {7200}


def test_without_a_team_it_is_listed_under_none(build: Build) -> None:
    assert set(build.mart("incident_metrics_daily_by_team")["team_name"]) == {"No team"}
