"""The benchmark at a tiny size: what it counts is right. How long things take is not looked at."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from benchmarks.__main__ import main
from benchmarks.bench import Results, bench, verified
from benchmarks.comparison import rows, verdicts
from benchmarks.contenders import SYNC, TUNED, command, environment, prepare
from benchmarks.serving import Served, served
from benchmarks.stopwatch import measured_process
from benchmarks.workspace import build

pytestmark = pytest.mark.exhaustive

INCIDENTS, ALERTS = 50, 130


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("bench")
    return bench(
        folder,
        incidents=INCIDENTS,
        alerts=ALERTS,
        runs=1,
        chosen=[SYNC, TUNED],
        warm_up=False,
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("served"), incidents=5, alerts=5) as found:
        yield found


def test_every_contender_loads_every_row(results: Results) -> None:
    assert [each.rows for each in results.summaries] == [INCIDENTS + ALERTS] * 2


def test_we_ask_no_more_often_than_there_are_pages_and_once_more(results: Results) -> None:
    ours = results.summaries[0]
    assert results.most_requests == 2 + 3
    assert 3 <= ours.requests <= results.most_requests


def test_the_table_has_a_line_for_each_and_says_how_far_the_aims_are_met(results: Results) -> None:
    assert [row[0] for row in rows(results.summaries)] == [SYNC.title, TUNED.title]
    assert any("times less CPU (aim: 12)" in line for line in verdicts(results))


def test_a_sync_has_no_use_for_pandas(server: Served, tmp_path: Path) -> None:
    """It would cost as much memory as everything else that is imported, and a third of a second."""
    folder = tmp_path / "bench" / "runs" / "sync"
    prepare(SYNC, folder)
    python, _, module, *arguments = command(SYNC, server, folder)
    program = (
        f"import runpy, sys; sys.argv = {['sync', *arguments]!r}; "
        f"runpy.run_module({module!r}, run_name='__main__'); sys.exit('pandas' in sys.modules)"
    )
    measured_process(
        [python, "-c", program],
        folder=folder,
        environment=environment(SYNC, server, folder),
    )


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, server: Served) -> Path:
    """The file of a run that went well."""
    folder = tmp_path_factory.mktemp("bench") / "runs" / "sync"
    prepare(SYNC, folder)
    measured_process(
        command(SYNC, server, folder),
        folder=folder,
        environment=environment(SYNC, server, folder),
    )
    database = folder / "warehouse.duckdb"
    assert verified(SYNC, database, server.truth) == {"incidents": 5, "alerts": 5}
    return database


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        ("DELETE FROM rootly.alerts WHERE id = (SELECT min(id) FROM rootly.alerts)", "lacks 1"),
        ("INSERT INTO rootly.alerts SELECT * FROM rootly.alerts", "10 rows of 5 ids"),
        ("UPDATE rootly.incidents SET title = 'other'", "title (5)"),
        ("UPDATE rootly.incidents SET severity = '{}'", "severity (5)"),
    ],
)
def test_a_wrong_result_is_no_result(
    server: Served, loaded: Path, tmp_path: Path, damage: str, complaint: str
) -> None:
    database = tmp_path / loaded.name
    shutil.copy(loaded, database)
    with duckdb.connect(str(database)) as connection:
        connection.execute(damage)
    with pytest.raises(RuntimeError) as failed:
        verified(SYNC, database, server.truth)
    assert complaint in str(failed.value)


def test_a_contender_that_fails_says_why(tmp_path: Path, server: Served) -> None:
    folder = tmp_path / "bench" / "runs" / "sync"
    prepare(SYNC, folder)
    wrong = [word.replace(server.token, "wrong") for word in command(SYNC, server, folder)]
    with pytest.raises(RuntimeError, match="401"):
        measured_process(wrong, folder=folder, environment=environment(SYNC, server, folder))


def test_a_large_workspace_repeats_records_under_ids_of_their_own() -> None:
    workspace = build(incidents=3, alerts=40)
    alerts = workspace.records("alerts")
    assert len({alert.id for alert in alerts}) == len(alerts) == 40
    assert all(f'{{"id":"{alert.id}"'.encode() in alert.json() for alert in alerts)
    assert len(workspace.records("incidents")) == 3


@pytest.mark.parametrize("names", ["sync,tunned", "", "sync,,tuned"])
def test_a_contender_that_nobody_knows_is_refused_and_the_others_are_named(names: str) -> None:
    with pytest.raises(SystemExit, match=r"no contender .*: choose from sync, dagster, tuned"):
        main(["loaders", "--contenders", names])
