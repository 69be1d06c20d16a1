"""Nobody learns from dashboard or report what a private incident is about."""

import shutil
from pathlib import Path

import duckdb
import pytest

import rootly_assets
from rootly_assets.report.page import page
from rootly_assets_tests.app.shown import every_tab
from rootly_assets_tests.report.workspaces import drawn_from
from rootly_assets_tests.system.refreshed import Once


@pytest.fixture
def database(on_duckdb: Once, tmp_path: Path) -> Path:
    """A workspace in which every other incident is private."""
    path = Path(shutil.copy(on_duckdb.folder / "warehouse.duckdb", tmp_path))
    with duckdb.connect(str(path)) as connection:
        connection.execute("""
            UPDATE marts.fct_incidents SET is_private = sequential_id % 2 = 0;
            UPDATE marts.fct_incidents SET
                title = CASE WHEN is_private THEN 'Whistle-blower' ELSE 'Full disk' END,
                url = 'https://rootly.example/incidents/'
                    || CASE WHEN is_private THEN '8-whistle-blower' ELSE '7-full-disk' END;
            UPDATE intermediate.int_rootly__panel_measures SET record_name = CASE
                WHEN record_id IN (SELECT incident_id FROM marts.fct_incidents WHERE is_private)
                THEN '#8 Whistle-blower ' || record_id ELSE '#7 Full disk ' || record_id END
            WHERE collection = 'incidents';
            UPDATE marts.fct_action_items SET summary = CASE
                WHEN incident_id IN (SELECT incident_id FROM marts.fct_incidents WHERE NOT is_private)
                THEN 'Delete logs' ELSE 'Talk to the whistle-blower' END
        """)
    return path


def test_the_report_names_no_private_incident(database: Path) -> None:
    names_none(page(drawn_from(database), time_zone="UTC"))


@pytest.mark.slow
def test_no_tab_of_the_dashboard_names_a_private_incident(database: Path) -> None:
    names_none(repr(every_tab(rootly_assets.dataset(database))))


def names_none(text: str) -> None:
    assert "Full disk" in text
    assert "7-full-disk" in text
    assert "histle-blower" not in text
