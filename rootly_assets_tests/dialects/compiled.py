"""The models as dbt compiles them for a warehouse that nobody can reach from here."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rootly_assets_tests.dbt.commands import PROJECT, run

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


@dataclass(frozen=True)
class Compiled:
    """SQL of every model by its name, and the adapter that it was compiled with."""

    dialect: str
    adapter: str
    models: dict[str, str]


def compile_models(dialect: str, folder: Path) -> Compiled:
    """Run `dbt compile` with the dialect's own adapter, without a connection; dbt's own failure raises."""
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
    ended = run(
        "dbt",
        [
            *("--no-use-colors", "compile", "--no-introspect", "--no-populate-cache"),
            *("--select", "resource_type:model"),
            *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
            *("--target-path", str(folder / "target"), "--log-path", str(folder / "logs")),
        ],
        folder=folder,
        environment={
            **os.environ,
            **CREDENTIALS[dialect],
            "GOOGLE_APPLICATION_CREDENTIALS": str(account),
            "ROOTLY_DESTINATION": dialect,
        },
        log=folder / "dbt.log",
    )
    assert ended.status == 0, ended.output
    manifest = json.loads((folder / "target" / "manifest.json").read_text())
    models = {
        node["name"]: folder / "target" / "compiled" / "rootly" / node["original_file_path"]
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }
    return Compiled(
        dialect=dialect,
        adapter=manifest["metadata"]["adapter_type"],
        models={name: path.read_text() for name, path in models.items()},
    )
