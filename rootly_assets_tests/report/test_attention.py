"""What waits for somebody: the lists of the report that name records."""

from pathlib import Path

import pytest

from rootly_assets.report.figures import Figures
from rootly_assets.report.page import page
from rootly_assets_tests.dbt.dbt_build import Build
from rootly_assets_tests.report.workspaces import drawn_from, run

pytestmark = pytest.mark.slow


def test_a_list_that_is_cut_says_of_how_many(
    build_of_hundreds: Build, tmp_path: Path, found: Figures
) -> None:
    path = build_of_hundreds.copied(tmp_path)
    run(
        path,
        """
        INSERT INTO marts.fct_action_items SELECT items.* REPLACE ('late ' || copies.n AS action_item_id)
        FROM marts.fct_action_items AS items CROSS JOIN range(56) AS copies(n)
        WHERE items.action_item_id = 'late'
        """,
    )
    attention = drawn_from(path).attention
    assert len(attention["Overdue follow-ups, 8 of 57"]) == 8
    assert "<h3>Overdue follow-ups</h3>" in page(found, time_zone="UTC"), "one of one is all"


def test_what_is_overdue_is_listed_and_what_is_done_is_not(found: Figures) -> None:
    assert [row.why for row in found.attention["Overdue follow-ups"]] == ["68 days overdue"]


def test_what_is_overdue_names_its_owner_its_day_and_its_incident_with_a_way_there(
    build_of_hundreds: Build, tmp_path: Path
) -> None:
    path = build_of_hundreds.copied(tmp_path)
    run(
        path,
        """
        UPDATE marts.fct_action_items SET incident_id = 'Published', assigned_to_user_id = 'nobody knows'
        WHERE is_overdue;
        UPDATE marts.fct_incidents SET url = 'https://rootly.example/7' WHERE incident_id = 'Published'
        """,
    )
    shown = drawn_from(path)
    (row,) = shown.attention["Overdue follow-ups"]
    due = build_of_hundreds.query("SELECT due_date FROM marts.fct_action_items WHERE is_overdue")
    assert row.details == f"User nobody knows, due {due['due_date'][0]:%d %b %Y}"
    assert row.incident == ("Published", "https://rootly.example/7")
    document = page(shown, time_zone="UTC")
    assert '; after <a href="https://rootly.example/7" rel="noreferrer">Published</a>' in document


def test_nobody_learns_from_it_what_a_private_incident_is_about(
    build_of_hundreds: Build, tmp_path: Path
) -> None:
    path = build_of_hundreds.copied(tmp_path)
    run(
        path,
        """
        UPDATE marts.fct_incidents SET is_private = true, title = 'Whistle-blower',
            url = 'https://rootly.example/incidents/7-whistle-blower', sequential_id = 7;
        UPDATE marts.fct_action_items SET summary = 'Talk to the whistle-blower', incident_id = 'Published'
        WHERE is_overdue
        """,
    )
    shown = drawn_from(path)
    rows = [row for rows in shown.attention.values() for row in rows]
    assert {row.what for row in rows} == {"Private incident 7", "Follow-up of a private incident"}
    assert {row.incident[0] for row in rows if row.incident} == {"Private incident 7"}
    assert "histle-blower" not in page(shown, time_zone="UTC")


def test_a_severe_incident_is_listed_once_its_retrospective_is_overdue(
    build_of_hundreds: Build, found: Figures
) -> None:
    listed = [row.what for row in found.attention["Severe incidents, retrospective overdue"]]
    assert listed == ["Never written"]
    mart = build_of_hundreds.query("""
        SELECT facts.title FROM marts.fct_retrospectives AS retrospectives
        INNER JOIN marts.fct_incidents AS facts ON retrospectives.incident_id = facts.incident_id
        WHERE retrospectives.is_overdue AND facts.is_response_incident AND NOT facts.is_deleted
    """)
    assert listed == [*mart["title"]]


def test_what_nobody_learned_from_for_longest_comes_first_however_long_ago(
    build_of_hundreds: Build, tmp_path: Path
) -> None:
    path = build_of_hundreds.copied(tmp_path)
    run(
        path,
        """
        UPDATE marts.fct_incidents
        SET started_at = started_at - INTERVAL 365 DAY, resolved_at = resolved_at - INTERVAL 365 DAY
        WHERE incident_id = 'Never written';
        UPDATE marts.fct_retrospectives SET is_overdue = true WHERE incident_id = 'Still time'
        """,
    )
    heading = "Severe incidents, retrospective overdue"
    rows = drawn_from(path).attention[heading]
    assert [(row.what, row.why.partition(", ")[2]) for row in rows] == [
        ("Never written", "resolved 385 days ago"),
        ("Still time", "resolved 10 days ago"),
    ]
