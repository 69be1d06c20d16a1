"""Killed or crashed at any moment, rows and state are those of before, or those of after, and never a mix."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest
from psycopg2.extensions import cursor as Cursor  # noqa: N812 - a class

from rootly_assets.sync.state import TableState
from rootly_assets.warehouse.errors import WarehouseError
from rootly_assets.warehouse.postgres import warehouse as module
from rootly_assets_tests.postgres_server import PostgresServer, postgres_server
from rootly_assets_tests.warehouse.killed import committed, kill_loads
from rootly_assets_tests.warehouse.postgres.table import PostgresTable
from rootly_assets_tests.warehouse.table import thing

pytestmark = pytest.mark.exhaustive

ROWS = 4000
KILLS = 8

LOADING = """
import sys
from pathlib import Path
from types import SimpleNamespace
from rootly_assets_tests.postgres_server import Database
from rootly_assets_tests.warehouse.killed import load_for_ever
from rootly_assets_tests.warehouse.postgres.table import PostgresTable
folder, port, name, *numbers = sys.argv[1:]
table = PostgresTable(Path(folder), Database(SimpleNamespace(port=int(port)), name))
load_for_ever(table, *map(int, numbers))
"""


def place(table: PostgresTable, folder: Path) -> list[str]:
    """The arguments of `LOADING` that say where the table is."""
    return [str(folder), str(table.postgres.server.port), table.postgres.name]


def test_a_load_killed_at_any_moment_leaves_before_or_after(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    table = PostgresTable(tmp_path, postgres.database())

    def settled() -> None:
        # The server ends what the dead client has begun, and lets go of its locks.
        table.postgres.query("SET lock_timeout = '30s'; LOCK TABLE rootly.things")

    kill_loads(table, LOADING, place(table, tmp_path), rows=ROWS, kills=KILLS, settled=settled)
    table.loads += 1
    again = table.warehouse.load(table.batch([thing("1", name="a")]))
    assert again.rows == 1


def test_a_server_that_crashes_has_before_or_after_when_it_is_back(tmp_path: Path) -> None:
    chance = random.Random(20260302)
    with postgres_server() as server:
        table = PostgresTable(tmp_path, server.database())
        table.loads = 1
        for _ in range(3):
            arguments = [*place(table, tmp_path), str(table.loads), str(ROWS)]
            with subprocess.Popen(
                [sys.executable, "-c", LOADING, *arguments],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            ) as process:
                assert process.stdout is not None
                said = process.stdout.readline()
                time.sleep(chance.uniform(0, 0.4))
                server.crash()
                # It ends with an error, or was between two loads and has gone on with the server that is back.
                process.send_signal(signal.SIGKILL)
                said = (said + process.stdout.read()).split()
            server.stop()
            server.start()  # so that nothing of its is under way any more
            table.loads = committed(table, ROWS)
            assert table.loads >= int(said[-1])


@pytest.mark.parametrize("moment", ["stage", "merge", "write_state"])
def test_a_session_that_is_ended_half_way_leaves_what_was_there(
    things: PostgresTable, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    things.load([thing("1", name="a"), thing("2")])
    rows, state, types = things.rows(), things.state(), things.types()
    done = getattr(module, moment)

    def ended(*arguments: object) -> object:
        result = done(*arguments)
        things.postgres.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return result

    records = [thing("1", name="b", surprise=1), thing("3")]
    with monkeypatch.context() as patch:
        patch.setattr(module, moment, ended)
        with pytest.raises(WarehouseError, match="was lost"):
            things.load(records)
    assert (things.rows(), things.state(), things.types()) == (rows, state, types)
    loaded = things.load(records)
    assert (loaded.rows, loaded.new, loaded.changed, loaded.vanished) == (2, 1, 1, 1)


def test_a_commit_whose_answer_is_lost_may_be_repeated(
    things: PostgresTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    things.load([thing("1", name="a")])
    write = module.write_state

    def committed_unheard(cursor: Cursor, state: TableState) -> None:
        write(cursor, state)
        cursor.connection.commit()
        raise psycopg2.OperationalError("server closed the connection unexpectedly")

    records = [thing("1", name="b"), thing("2")]
    with monkeypatch.context() as patch:
        patch.setattr(module, "write_state", committed_unheard)
        with pytest.raises(WarehouseError, match="was lost"):
            things.load(records)
    once = things.rows()
    loaded = things.load(records)
    assert (loaded.rows, loaded.new, loaded.changed) == (2, 0, 0)
    assert things.rows() == once


def test_two_runs_that_load_the_same_table_wait_for_one_another(things: PostgresTable) -> None:
    things.load([thing("1", name="a")])
    batch = things.batch([thing("1", name="b")])
    other = things.postgres.server.connect(things.postgres.name)
    with other, other.cursor() as cursor:
        cursor.execute("LOCK TABLE rootly.things IN SHARE ROW EXCLUSIVE MODE")
        with pytest.raises(WarehouseError, match=r"kept a table locked.*nothing was changed"):
            things.warehouse.load(batch)
    other.close()
    assert things.warehouse.load(batch).changed == 1


def test_somebody_who_reads_the_table_keeps_no_load_waiting(things: PostgresTable) -> None:
    things.load([thing("1", name="a")])
    reader = things.postgres.server.connect(things.postgres.name)
    with reader, reader.cursor() as cursor:
        cursor.execute("SELECT name FROM rootly.things")
        assert things.load([thing("1", name="b")]).changed == 1
    reader.close()


def test_runs_that_begin_at_once_create_each_table_once(postgres: PostgresServer) -> None:
    database = postgres.database()
    script = (
        "from rootly_assets.catalogue import wired; "
        "from rootly_assets.warehouse.destination import warehouse; warehouse().prepare(wired())"
    )
    environment = {**os.environ, **database.environment}
    processes = [
        subprocess.Popen([sys.executable, "-c", script], env=environment, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    ended = [(process.communicate()[1], process.returncode) for process in processes]
    assert [code for _, code in ended] == [0, 0, 0], ended
    assert database.query("SELECT count(*) > 60 FROM pg_tables WHERE schemaname = 'rootly'") == [
        (True,)
    ]
