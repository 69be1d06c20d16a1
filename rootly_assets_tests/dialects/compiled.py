"""The models as dbt compiles them for a warehouse that nobody can reach from here."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rootly_assets_tests.dbt.commands import PROJECT, REPOSITORY

# Nothing is asked of these places: the adapters only look whether they are named.
CREDENTIALS: Mapping[str, Mapping[str, str]] = {
    "snowflake": {
        "SNOWFLAKE_ACCOUNT": "account",
        "SNOWFLAKE_USER": "user",
        "SNOWFLAKE_PASSWORD": "password",
        "SNOWFLAKE_DATABASE": "rootly",
        "SNOWFLAKE_WAREHOUSE": "warehouse",
    },
    "bigquery": {"GOOGLE_CLOUD_PROJECT": "rootly"},
    "redshift": {
        "REDSHIFT_HOST": "redshift.invalid",
        "REDSHIFT_DATABASE": "rootly",
        "REDSHIFT_USER": "user",
        "REDSHIFT_PASSWORD": "password",
    },
    "databricks": {
        "DATABRICKS_HOST": "databricks.invalid",
        "DATABRICKS_HTTP_PATH": "/sql/1.0/warehouses/1",
        "DATABRICKS_TOKEN": "token",
    },
}

# With these a model has rows of its own, beside what it always is.
VARIABLES = {
    "rootly_hour_bands": [
        {"days": days, "from": 0, "until": 24, "band": days, "after_hours": days == "weekends"}
        for days in ("weekdays", "weekends")
    ]
}


@dataclass(frozen=True)
class Compiled:
    """SQL of every model by its name, and the adapter that it was compiled with."""

    dialect: str
    adapter: str
    models: dict[str, str]


def compile_models(dialects: Sequence[str], folder: Path) -> dict[str, Compiled]:
    """Run `dbt compile` with each dialect's own adapter, without a connection; dbt's own failure raises.

    All in one process: to import dbt, and to prepare its classes, takes longer than to compile.
    """
    # An account of nobody, which is only asked for a token once there is a query.
    account = folder / "account.json"
    account.write_text(
        json.dumps(
            {
                "type": "authorized_user",
                "client_id": "client",
                "client_secret": "secret",
                "refresh_token": "token",
            }
        )
    )
    ended = subprocess.run(
        [sys.executable, "-m", __name__, str(folder), *dialects],
        cwd=REPOSITORY,
        env={
            **os.environ,
            "GOOGLE_APPLICATION_CREDENTIALS": str(account),
            "ROOTLY_DBT_VARS": json.dumps(VARIABLES),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
    return {dialect: _compiled(dialect, folder / dialect) for dialect in dialects}


def _compiled(dialect: str, folder: Path) -> Compiled:
    manifest = json.loads((folder / "manifest.json").read_text())
    models = {
        node["name"]: folder / "compiled" / "rootly" / node["original_file_path"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }
    return Compiled(
        dialect=dialect,
        adapter=manifest["metadata"]["adapter_type"],
        models={name: path.read_text() for name, path in models.items()},
    )


def main(folder: str, *dialects: str) -> None:
    """Compile for each of them, into a folder of its name."""
    from dbt.cli.main import dbtRunner

    for dialect in dialects:
        os.environ.update(CREDENTIALS[dialect], ROOTLY_DESTINATION=dialect)
        target = f"{folder}/{dialect}"
        done = dbtRunner().invoke(
            [
                *("--no-use-colors", "compile", "--no-introspect", "--no-populate-cache"),
                *("--select", "resource_type:model"),
                *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
                *("--target-path", target, "--log-path", target),
            ]
        )
        if not done.success:
            raise SystemExit(f"dbt can't compile for {dialect}: {done.exception or done.result}")


if __name__ == "__main__":
    main(*sys.argv[1:])
