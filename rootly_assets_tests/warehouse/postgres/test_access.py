"""What keeps us out of a server, each said in one sentence with its remedy, and never with the password."""

import pytest

from rootly_assets.warehouse.errors import WarehouseError
from rootly_assets.warehouse.postgres.warehouse import PostgresWarehouse
from rootly_assets_tests.postgres_server import PASSWORD, PostgresServer
from rootly_assets_tests.warehouse.postgres.table import PostgresTable, warehouse
from rootly_assets_tests.warehouse.table import THINGS


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"password": "secret guess"}, "authentication failed.*ROOTLY_POSTGRES_PASSWORD"),
        (
            {"user": "nobody", "password": "secret guess"},
            "authentication failed.*ROOTLY_POSTGRES_USER",
        ),
        ({"database": "not there"}, "does not exist.*ROOTLY_POSTGRES_DATABASE"),
        ({"port": 1}, r"port 1 failed: Connection refused\. Check.*ROOTLY_POSTGRES_PORT"),
        ({"host": "/no/such/folder"}, r"No such file or directory\. Check ROOTLY_POSTGRES_HOST"),
        ({"host": "nowhere.invalid"}, "nowhere.invalid.*ROOTLY_POSTGRES_HOST"),
        ({"sslmode": "require"}, "SSL.*ROOTLY_POSTGRES_SSLMODE"),
    ],
)
def test_a_wrong_setting_is_named(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, object], said: str
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    right = warehouse(postgres.database())
    with pytest.raises(WarehouseError, match=said) as caught:
        right.model_copy(update=wrong).states()
    assert PASSWORD not in str(caught.value)
    assert "secret guess" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_user_who_may_not_create_schemas_is_told(postgres: PostgresServer) -> None:
    database = postgres.database()
    database.query("CREATE ROLE modest LOGIN PASSWORD 'modest'")
    modest = warehouse(database).model_copy(update={"user": "modest", "password": "modest"})
    with pytest.raises(WarehouseError, match=r"does not allow it.*allowed to create schemas"):
        modest.prepare([THINGS])
    # With a schema of its own it needs no more.
    database.query("CREATE SCHEMA rootly AUTHORIZATION modest")
    modest.prepare([THINGS])
    modest.prepare([THINGS])
    assert modest.states() == {}


def test_the_server_s_zone_and_encoding_don_t_matter(things: PostgresTable) -> None:
    assert isinstance(things.warehouse, PostgresWarehouse)
    things.postgres.query("ALTER ROLE tester SET client_encoding = 'LATIN1'")
    things.postgres.query("ALTER ROLE tester SET datestyle = 'SQL, DMY'")
    try:
        record = {"id": "1", "attributes": {"name": "é 🚒", "starts_at": "2026-02-01T00:00:00Z"}}
        things.load([record])
        assert things.load([record]).changed == 0
        assert things.warehouse.preview("things", ["name", "starts_at"], 1) == [
            ("é 🚒", "2026-02-01 00:00:00+00")
        ]
    finally:
        things.postgres.query("ALTER ROLE tester RESET ALL")


def test_nothing_is_made_by_a_look_at_the_states(postgres: PostgresServer) -> None:
    database = postgres.database()
    assert warehouse(database).states_at_once() == {}
    assert database.query("SELECT count(*) FROM pg_namespace WHERE nspname = 'rootly'") == [(0,)]


def test_no_connection_is_left_open(things: PostgresTable) -> None:
    with things.warehouse.kept_open():
        things.load([])
        things.load([])
    things.warehouse.states()
    ((others,),) = things.postgres.query(
        "SELECT count(*) FROM pg_stat_activity "
        "WHERE datname = current_database() AND application_name = 'rootly-assets'"
    )
    assert others == 0
