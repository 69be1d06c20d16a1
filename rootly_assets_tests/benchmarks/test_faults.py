"""What the table of bad days promises: it counts what is missing, twice, old or left over, and nothing else."""

from pathlib import Path

import duckdb
import pytest
from starlette.middleware import Middleware

from benchmarks.contenders import SYNC, TUNED, prepare
from benchmarks.faults.command import run, runs
from benchmarks.faults.counting import Found, compared, served
from benchmarks.faults.fault import FAULTS, Between, Day, Fault
from benchmarks.workspace import build
from rootly_assets.sandbox import serve

pytestmark = pytest.mark.exhaustive

INCIDENTS, ALERTS = 20, 350


def fault(words: str) -> Fault:
    (found,) = (each for each in FAULTS if words in each.title)
    return found


def test_rows_that_differ_from_the_server_s_are_counted_by_what_is_wrong_with_them(
    tmp_path: Path,
) -> None:
    workspace = build(incidents=INCIDENTS, alerts=ALERTS)
    prepare(SYNC, tmp_path / "runs" / "sync")
    folder = tmp_path / "runs" / "sync"
    with serve(workspace, middleware=[Middleware(Between, day=Day(workspace, None))]) as server:
        assert run(SYNC, server, folder) == 0
    now = served(workspace)
    output = folder / SYNC.output
    assert compared(SYNC, output, now, now) == Found()
    first, second, third = (alert.id for alert in workspace.records("alerts")[:3])
    with duckdb.connect(str(output)) as connection:
        for statement in (
            f"DELETE FROM rootly.alerts WHERE id = '{first}'",
            f"INSERT INTO rootly.alerts FROM rootly.alerts WHERE id = '{second}'",
            "UPDATE rootly.alerts SET updated_at = updated_at - INTERVAL 1 second "
            f"WHERE id = '{third}'",
            "UPDATE rootly.incidents SET id = 'of nobody' "
            "WHERE id = (SELECT min(id) FROM rootly.incidents)",
        ):
            connection.execute(statement)
    assert compared(SYNC, output, now, now) == Found(missing=2, twice=1, stale=1, left=1)
    assert compared(SYNC, tmp_path / "nothing", now, now).missing == INCIDENTS + ALERTS


def test_rows_that_are_deleted_while_pages_are_read_cost_a_generic_loader_others_and_us_none() -> (
    None
):
    ours, _ = runs(fault("one deleted a page"), SYNC, INCIDENTS, ALERTS)
    generic, _ = runs(fault("one deleted a page"), TUNED, INCIDENTS, ALERTS)
    assert (ours.ended, ours.found.missing, ours.found.twice) == ("well", 0, 0)
    assert generic.ended == "silent"
    assert generic.found.missing > 0


def test_a_body_that_is_cut_short_costs_us_nothing() -> None:
    ours, later = runs(fault("half of the body"), SYNC, INCIDENTS, ALERTS)
    assert (ours.ended, ours.found) == (later.ended, later.found) == ("well", Found())
