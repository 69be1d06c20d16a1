"""The container's commands, one after another, outside of a container: build, manifest, code server."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from dagster._grpc.client import DagsterGrpcClient
from dagster._grpc.types import ListRepositoriesResponse
from dagster._serdes import deserialize_value

from rootly_assets_tests.deploy import dockerfile
from rootly_assets_tests.deploy.dockerfile import PLACE, REPOSITORY
from rootly_assets_tests.postgres_server import PostgresServer
from rootly_assets_tests.system.command_line import environment

pytestmark = [pytest.mark.exhaustive, pytest.mark.timeout(600)]

# What only an image's layers need: users, the installer itself, no cache, bytecode.
OF_THE_IMAGE = ("useradd ", "pip install ")
FOR_THE_LAYER = ("--no-cache ", "--compile-bytecode ")


@dataclass
class Container:
    """A folder that stands for the image's, and the variables that it sets."""

    folder: Path
    variables: dict[str, str]

    def here(self, text: str) -> str:
        """A command of the image's, with the folder in place of its own."""
        return text.replace(PLACE, str(self.folder))

    def shell(self, command: str) -> None:
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=self.folder,
            env=self.variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def container(tmp_path_factory: pytest.TempPathFactory, postgres: PostgresServer) -> Container:
    """Everything that `docker build` does, but for what `OF_THE_IMAGE` names."""
    folder = tmp_path_factory.mktemp("image") / "rootly"
    folder.mkdir()
    dockerfile.copy(folder)
    inherited = {
        name: value
        for name, value in environment(folder).items()
        if not name.startswith("ROOTLY_") and name not in ("PYTHONPATH", "VIRTUAL_ENV")
    }
    uv = REPOSITORY / ".uv" / "bin"
    inherited["PATH"] = f"{uv}{os.pathsep}{inherited['PATH']}"
    inherited["UV_PYTHON"] = sys.executable
    variables = dockerfile.environment(inherited)
    made = Container(folder, {})
    made.variables = {name: made.here(value) for name, value in variables.items()}
    for command in dockerfile.runs():
        if command.startswith(OF_THE_IMAGE):
            continue
        for part in FOR_THE_LAYER:
            command = command.replace(part, "")  # noqa: PLW2901
        made.shell(made.here(command))
    # As the environment of a container gives them.
    database = postgres.database()
    for name, value in database.environment.items():
        made.variables[name] = value
        made.variables[name.replace("ROOTLY", "DAGSTER")] = value
    made.variables["ROOTLY_API_TOKEN"] = "rootly_of_the_environment"
    return made


def test_it_holds_the_project_its_manifest_and_no_development_tools(container: Container) -> None:
    packages = next((container.folder / ".venv" / "lib").glob("python*/site-packages"))
    assert (packages / "rootly_assets" / "definitions.py").exists()
    assert (packages / "dagster_k8s").exists()
    assert not (packages / "pytest").exists()
    assert (container.folder / "data" / "dbt-postgres" / "manifest.json").exists()


@pytest.fixture
def port(container: Container) -> Iterator[int]:
    """The container's command, listening on loopback."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        free = listener.getsockname()[1]
    places = {"0.0.0.0": "127.0.0.1", "4000": str(free)}
    program, *arguments = [places.get(part, part) for part in dockerfile.command()]
    found = shutil.which(program, path=container.variables["PATH"])
    assert found is not None
    assert Path(found).is_relative_to(container.folder)
    log = container.folder / "log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [found, *arguments],
            cwd=container.folder,
            env=container.variables,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + 240
        while "Started Dagster code server" not in log.read_text():
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.2)
        yield free
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            # As the container's host does it.
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def test_its_command_serves_the_definitions(container: Container, port: int) -> None:
    manifest = container.folder / "data" / "dbt-postgres" / "manifest.json"
    made = manifest.stat().st_mtime_ns
    container.shell(f"dagster api grpc-health-check -p {port}")
    client = DagsterGrpcClient(host="127.0.0.1", port=port)
    listed = deserialize_value(client.list_repositories(), ListRepositoriesResponse)
    assert [each.repository_name for each in listed.repository_symbols] == ["__repository__"]
    # Nothing had to be parsed again.
    assert manifest.stat().st_mtime_ns == made
