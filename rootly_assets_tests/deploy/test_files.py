"""What `deploy/` holds is well formed, agrees with the project, and has nobody's secrets in it."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import dagster as dg
import psycopg2
import pytest
import yaml
from compose_spec import PyCompose

from rootly_assets.settings import DESTINATIONS, EXECUTORS
from rootly_assets_tests.deploy import dockerfile
from rootly_assets_tests.deploy.dockerfile import DEPLOY, REPOSITORY
from rootly_assets_tests.postgres_server import PASSWORD, PostgresServer
from rootly_assets_tests.system.test_preflight import SETTINGS

PYPROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
LOCKED = {
    each["name"]: each["version"]
    for each in tomllib.loads((REPOSITORY / "uv.lock").read_text())["package"]
    if "version" in each
}


def compose() -> dict:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text())


def values() -> dict:
    return yaml.safe_load((DEPLOY / "helm" / "values.yaml").read_text())


def test_the_dockerfile_passes_hadolint() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run(
        [str(hadolint), str(DEPLOY / "Dockerfile")], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_image_runs_as_nobody_in_particular_and_serves_the_projects_definitions() -> None:
    instructions = dockerfile.instructions()
    assert instructions[-1][0] == "CMD"
    users = [value for kind, value in instructions if kind == "USER"]
    # By number, which is how Kubernetes can see that it is not root.
    assert users == ["10001:10001"]
    module = PYPROJECT["tool"]["dg"]["project"]["code_location_target_module"]
    assert dockerfile.command()[:3] == ["dagster", "code-server", "start"]
    assert dockerfile.command()[-2:] == ["-m", module]


def test_the_image_has_the_extras_that_exist_and_the_uv_that_make_installs() -> None:
    runs = "\n".join(dockerfile.runs())
    extras = re.findall(r"--extra (\S+)", runs)
    assert extras == ["postgres", "dagster-postgres", "celery", "k8s"]
    assert set(extras) <= PYPROJECT["project"]["optional-dependencies"].keys()
    (uv,) = re.findall(r"uv==(\S+)", runs)
    assert f"UV_VERSION := {uv}\n" in (REPOSITORY / "Makefile").read_text()
    (python,) = {value.split()[0] for kind, value in dockerfile.instructions() if kind == "FROM"}
    minor = python.removeprefix("python:").split("-")[0]
    assert f"Programming Language :: Python :: {minor}" in PYPROJECT["project"]["classifiers"]


def test_only_what_is_copied_is_sent_to_the_builder() -> None:
    ignore = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    sent = {line[1:] for line in ignore if line.startswith("!")}
    assert "*" in ignore
    assert sent == {source for sources, _ in dockerfile.copied() for source in sources}
    assert all((REPOSITORY / each).exists() for each in sent)


def test_compose_is_what_its_specification_allows() -> None:
    # Merged first, as compose does.
    PyCompose.from_json(json.dumps(compose())).validate()


def test_compose_runs_the_image_as_code_ui_and_daemon_beside_postgresql() -> None:
    services = compose()["services"]
    assert set(services) == {"postgres", "code", "webserver", "daemon"}
    assert {services[each]["image"] for each in ("code", "webserver", "daemon")} == {
        "rootly-assets"
    }
    (server,) = yaml.safe_load((DEPLOY / "workspace.yaml").read_text())["load_from"]
    grpc = server["grpc_server"]
    assert grpc["host"] in services
    assert str(grpc["port"]) in dockerfile.command()
    assert grpc["location_name"] == PYPROJECT["tool"]["dg"]["project"]["code_location_name"]
    # The UI has no password: nobody but this host may see it.
    ports = [port for each in services.values() for port in each.get("ports", [])]
    assert ports == ["127.0.0.1:3000:3000"]


# Of other destinations, of the server that compose itself starts, and places in the container.
NOT_OF_COMPOSE = {
    *("ROOTLY_BUCKET_URL", "ROOTLY_DUCKLAKE_CATALOG", "ROOTLY_DUCKLAKE_DATA", "ROOTLY_DBT_MEMORY"),
    *("ROOTLY_ICEBERG_CATALOG", "ROOTLY_MOTHERDUCK_DATABASE", "ROOTLY_TABLE_FORMAT"),
    *("ROOTLY_POSTGRES_PORT", "ROOTLY_POSTGRES_SSLMODE"),
    *("ROOTLY_DUCKDB_PATH", "ROOTLY_LANDING_DIR"),
}


def test_compose_drops_no_setting() -> None:
    """That an empty one has its default is tried where all settings are."""
    given = compose()["services"]["code"]["environment"]
    assert SETTINGS - given.keys() == NOT_OF_COMPOSE
    chosen_there = {name for name in given if name.startswith(("ROOTLY_POSTGRES_", "DAGSTER_"))}
    others = given.keys() - chosen_there - {"ROOTLY_API_TOKEN", "ROOTLY_DESTINATION"}
    assert {name: given[name] for name in others} == {name: f"${{{name}:-}}" for name in others}


def test_no_file_holds_a_secret() -> None:
    for service in compose()["services"].values():
        for name, value in service["environment"].items():
            if name.endswith(("TOKEN", "PASSWORD")):
                assert (
                    value.startswith(f"${{{name}:?")
                    or value == "${DAGSTER_POSTGRES_PASSWORD:?choose one}"
                )
    (deployment,) = values()["dagster-user-deployments"]["deployments"]
    secrets = ("TOKEN", "PASSWORD", "SALT")
    assert not [each for each in deployment["env"] if each["name"].endswith(secrets)]
    assert {each["name"] for each in deployment["env"]} <= SETTINGS
    assert deployment["envSecrets"]
    image = [value for kind, value in dockerfile.instructions() if kind in ("ENV", "ARG")]
    assert not re.search("TOKEN|PASSWORD|SECRET", "\n".join(image))


def test_helm_deploys_the_definitions_with_a_pod_for_each_step() -> None:
    (deployment,) = values()["dagster-user-deployments"]["deployments"]
    assert deployment["codeServerArgs"] == dockerfile.command()[-2:]
    assert str(deployment["port"]) in dockerfile.command()
    assert f"{deployment['podSecurityContext']['runAsUser']}" == "10001"
    assert deployment["includeConfigInLaunchedRuns"]["enabled"]
    variables = {each["name"]: each["value"] for each in deployment["env"]}
    assert variables["ROOTLY_EXECUTOR"] in EXECUTORS
    assert variables["ROOTLY_DESTINATION"] in DESTINATIONS
    assert values()["runLauncher"]["type"] == "K8sRunLauncher"
    text = (DEPLOY / "helm" / "values.yaml").read_text()
    assert f"--version {LOCKED['dagster']} " in text


def test_every_instance_lets_one_step_at_a_time_into_each_pool() -> None:
    ours = yaml.safe_load((REPOSITORY / "dagster.yaml").read_text())["concurrency"]
    assert yaml.safe_load((DEPLOY / "dagster.yaml").read_text())["concurrency"] == ours
    assert values()["additionalInstanceConfig"]["concurrency"] == ours


def test_dagsters_storage_is_in_postgresql(
    postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = postgres.database()
    for name, value in database.environment.items():
        monkeypatch.setenv(name.replace("ROOTLY", "DAGSTER"), value)
    monkeypatch.setenv("DAGSTER_LOGS", str(tmp_path / "logs"))
    shutil.copy(DEPLOY / "dagster.yaml", tmp_path)

    @dg.asset
    def noted() -> None: ...

    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        run = dg.materialize([noted], instance=instance)
        assert instance.event_log_storage.get_concurrency_info("any").limit == 1
    assert database.query("SELECT run_id, status FROM runs") == [(run.run_id, "SUCCESS")]
    assert database.query("SELECT count(*) > 5 FROM event_logs") == [(True,)]


def test_compose_makes_the_warehouse_beside_dagsters_database(postgres: PostgresServer) -> None:
    """The script that PostgreSQL's image runs once, on a server of this machine."""
    database = postgres.database()
    psql = shutil.which("psql")
    if psql is None:
        pytest.skip("PostgreSQL's client is not installed: apt-get install postgresql-client")
    variables = {
        "PATH": os.environ["PATH"],
        "PGHOST": "127.0.0.1",
        "PGPORT": str(postgres.port),
        "PGPASSWORD": PASSWORD,
        "POSTGRES_USER": "tester",
        "POSTGRES_DB": database.name,
        "ROOTLY_POSTGRES_PASSWORD": PASSWORD,
    }
    script = str(DEPLOY / "warehouse.sh")
    try:
        subprocess.run([script], env=variables, check=True)
        connection = psycopg2.connect(
            host="127.0.0.1", port=postgres.port, dbname="rootly", user="rootly", password=PASSWORD
        )
        with connection, connection.cursor() as cursor:
            cursor.execute("CREATE SCHEMA rootly")
        connection.close()
    finally:
        postgres.forget("rootly", role="rootly")
