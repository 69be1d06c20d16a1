"""A PostgreSQL server of the tests' own: a folder, a free port, gone when they end."""

import getpass
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg2
import pytest

PASSWORD = 'a password: it\'s "odd" %s'  # what a URL or a shell would trip over
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    # The operating system outlives the tests; only a power cut would need more.
    "fsync": "off",
    "shared_buffers": "64MB",
    "max_connections": "40",
    # Nothing may lean on the server's zone.
    "timezone": "Asia/Kathmandu",
}


@dataclass(frozen=True)
class Database:
    """An empty database on the server."""

    server: "PostgresServer"
    name: str

    @property
    def environment(self) -> dict[str, str]:
        """What a user would set to have it as the destination."""
        return {
            "ROOTLY_DESTINATION": "postgres",
            "ROOTLY_POSTGRES_HOST": "127.0.0.1",
            "ROOTLY_POSTGRES_PORT": str(self.server.port),
            "ROOTLY_POSTGRES_DATABASE": self.name,
            "ROOTLY_POSTGRES_USER": "tester",
            "ROOTLY_POSTGRES_PASSWORD": PASSWORD,
        }

    def query(self, sql: str, parameters: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
        """Run a statement; its rows, if it has any."""
        connection = self.server.connect(self.name)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute("SET TIME ZONE 'UTC'")
                cursor.execute(sql, parameters)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()


class PostgresServer:
    """Attributes: `port`, on loopback."""

    def __init__(self, binaries: Path, folder: Path) -> None:
        self.port = _free_port()
        self._binaries = binaries
        self._data = folder / "data"
        self._log = folder / "log"
        self._names = count(1)
        password = folder / "password"
        password.write_text(PASSWORD)
        shutil.chown(folder, _owner())
        shutil.chown(password, _owner())
        self._run(
            *("initdb", "-D", str(self._data), "-U", "tester", "-A", "scram-sha-256"),
            # Most servers sort words as people do, not by their bytes.
            *("--locale-provider=icu", "--icu-locale=en-US", "--locale=C.UTF-8"),
            *("-E", "UTF8", f"--pwfile={password}", "--no-sync"),
        )
        self.start()

    @property
    def psql_environment(self) -> dict[str, str]:
        """What lets `psql` find the server, as its administrator."""
        return {
            "PATH": f"{self._binaries}{os.pathsep}{os.environ['PATH']}",
            "PGHOST": "127.0.0.1",
            "PGPORT": str(self.port),
            "PGUSER": "tester",
            "PGPASSWORD": PASSWORD,
            "PGDATABASE": "postgres",
        }

    def start(self) -> None:
        settings = {**SETTINGS, "port": str(self.port), "unix_socket_directories": str(self._data)}
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        self._run(
            *("pg_ctl", "start", "-w", "-t", "60", "-D", str(self._data), "-l", str(self._log)),
            *("-o", options),
        )

    def stop(self) -> None:
        self._run("pg_ctl", "stop", "-m", "immediate", "-w", "-D", str(self._data))

    def crash(self) -> None:
        """End all of it at once, as the kernel would where memory runs out."""
        pid = int((self._data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGKILL)
        # Its children notice, and leave the shared memory that a new one needs.
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                self.start()
            except AssertionError:
                time.sleep(0.2)
            else:
                return
        raise AssertionError(self._log.read_text())

    def connect(self, database: str = "postgres") -> Any:
        return psycopg2.connect(
            host="127.0.0.1", port=self.port, dbname=database, user="tester", password=PASSWORD
        )

    def database(self) -> Database:
        """A new, empty database."""
        name = f"Tests {next(self._names)}"  # a name that has to be quoted
        connection = self.connect()
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
        connection.close()
        return Database(self, name)

    def forget(self, database: str, role: str) -> None:
        """Drop a database and its owner, where they are there."""
        administrator = self.connect()
        administrator.autocommit = True
        with administrator.cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{database}"')
            cursor.execute(f'DROP ROLE IF EXISTS "{role}"')
        administrator.close()

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), *arguments]
        if os.geteuid() == 0:  # which PostgreSQL refuses to run as
            command = ["runuser", "-u", "postgres", "--", *command]
        # Not captured: the server would inherit a pipe, and keep it open.
        with (self._data.parent / "output").open("a+") as output:
            done = subprocess.run(
                command, stdout=output, stderr=output, cwd=self._data.parent, check=False
            )
            output.seek(0)
            assert done.returncode == 0, output.read()


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Start a server for as long as the block lasts; without binaries the test is skipped."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip("PostgreSQL's server is not installed: apt-get install postgresql")
    # Not below pytest's folder, which is closed to the user that the server runs as.
    with tempfile.TemporaryDirectory(prefix="rootly-postgres-", ignore_cleanup_errors=True) as name:
        server = PostgresServer(binaries, Path(name))
        try:
            yield server
        finally:
            server.stop()


def _binaries() -> Path | None:
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: float(path.parent.parent.name),
    )
    return found[-1].parent if found else None


def _owner() -> str:
    return "postgres" if os.geteuid() == 0 else getpass.getuser()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
