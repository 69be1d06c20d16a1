"""Filters: each tab counts the records of the chosen team and no others."""

from pathlib import Path

import duckdb
import pytest

import rootly_assets
from rootly_assets.app.filters import Filters
from rootly_assets.app.learning import learning
from rootly_assets.queries.tiles import Tile
from rootly_assets.reader import Dataset


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    """Two incidents of two teams, each with a follow-up; another follow-up belongs to no incident."""
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("""
            CREATE SCHEMA marts; CREATE SCHEMA intermediate; CREATE SCHEMA staging;
            CREATE TABLE intermediate.int_rootly__panel_attributes AS
                FROM (VALUES
                    ('incidents', 'a', 'teams', 'Payments'),
                    ('incidents', 'b', 'teams', 'Search')
                ) AS given (collection, record_id, attribute, member);
            CREATE TABLE staging.stg_rootly__incident_action_items AS
                FROM (VALUES ('a', 'of a'), ('b', 'of b')) AS given (incident_id, action_item_id);
            CREATE TABLE marts.fct_action_items AS
                SELECT *, 'follow_up' AS kind, 'open' AS status, 'high' AS priority, true AS is_open,
                    true AS is_in_population, false AS is_deleted, true AS is_overdue, 3 AS days_overdue,
                    90000 AS open_age_seconds,
                    DATE '2026-03-01' AS due_date, 'Fix it' AS summary, 'u' AS assigned_to_user_id
                FROM (VALUES ('a', 'of a'), ('b', 'of b'), (NULL, 'of none'))
                AS given (incident_id, action_item_id);
            CREATE TABLE marts.fct_action_item_slas AS
                SELECT *, 'Fix it soon' AS sla_name, 's' AS sla_id, 1 AS sla_position,
                    'completion' AS sla_target, 'breached' AS sla_result,
                    DATE '2026-03-01' AS deadline_on, true AS is_in_population, false AS is_deleted
                FROM (VALUES ('a', 'of a'), ('b', 'of b')) AS given (incident_id, action_item_id);
            CREATE TABLE marts.fct_incidents AS
                SELECT incident_id, DATE '2026-03-01' AS started_on,
                    TIMESTAMPTZ '2026-03-01 12:00:00Z' AS started_at,
                    true AS is_response_incident, true AS has_plausible_start, false AS is_deleted,
                    false AS is_open, false AS is_private, 1 AS sequential_id,
                    incident_id AS title, NULL AS url
                FROM (VALUES ('a'), ('b')) AS given (incident_id);
            CREATE TABLE staging.stg_rootly__users AS SELECT 'u' AS user_id, 'Una' AS full_name;
            CREATE TABLE marts.fct_retrospectives AS
                SELECT incident_id, 'completed' AS retrospective_status, 60 AS lag_seconds,
                    'audit' AS published_at_source, 'none' AS retrospective_rule
                FROM (VALUES ('a'), ('b')) AS given (incident_id);
        """)
    return rootly_assets.dataset(path)


def follow_ups(dataset: Dataset, team: str | None) -> Tile:
    filters = Filters(until=None, days=None, period="week", time_zone="UTC", team=team)
    return learning(dataset, filters).tiles[0]


def test_without_a_filter_every_follow_up_counts(dataset: Dataset) -> None:
    assert follow_ups(dataset, None).value == "3"


@pytest.mark.parametrize("team", ["Payments", "Search"])
def test_a_team_sees_the_follow_ups_of_its_incidents(dataset: Dataset, team: str) -> None:
    assert follow_ups(dataset, team).value == "1"


def test_a_team_without_incidents_has_none(dataset: Dataset) -> None:
    assert follow_ups(dataset, "Nobody's").value == "0"
