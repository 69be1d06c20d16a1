"""The dbt models as assets, with lineage from the raw tables to the last mart, columns included."""

import contextlib
import hashlib
import json
import shutil
import sys
from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

import dagster as dg
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliResource,
    DbtProject,
    dbt_assets,
)
from dagster_dbt.core.dbt_cli_invocation import DbtCliInvocation
from dagster_dbt.errors import DagsterDbtCliRuntimeError
from filelock import FileLock
from packaging.version import Version

from rootly_assets.assets.column_types import with_plain_types
from rootly_assets.assets.dbt_failures import met_a_lock, reason
from rootly_assets.assets.pools import pool
from rootly_assets.assets.specs import BUILT, FRESHNESS, PART
from rootly_assets.assets.steps import DBT_STEP
from rootly_assets.assets.upstream import unbuilt
from rootly_assets.settings import (
    DESTINATIONS,
    column_lineage,
    database_path,
    destination,
    lists,
    owners,
    project_folder,
)
from rootly_assets.sync.errors import LoadError
from rootly_assets.warehouse.interface import Warehouse

# Where dbt keeps what it has parsed.
PARSED = "partial_parse.msgpack"
# Beside the manifest: the fingerprint of what it was made of.
MADE_OF = "made_of"

# dbt takes seconds to start, in which somebody may open a DuckDB file that was free before.
ATTEMPTS = 3


def dbt_project() -> DbtProject:
    """The dbt project, its manifest made anew where it is missing or older than a file of the project.

    dbt's output goes to the folder of the DuckDB file, which need not be there, since an installed package may
    not be writable.
    """
    folder = project_folder()
    # One folder a destination: a manifest speaks of one database.
    name = "dbt" if destination() == DESTINATIONS[0] else f"dbt-{destination()}"
    target = database_path().parent / name
    target.mkdir(parents=True, exist_ok=True)
    project = DbtProject(project_dir=folder, target_path=target)
    # Several processes may load the definitions at once; the first one parses for all of them.
    with FileLock(target / ".lock"):
        made_of, known = _fingerprint(folder), target / MADE_OF
        if not (project.manifest_path.exists() and known.exists() and known.read_text() == made_of):
            parse = dbt_resource(project).cli(["parse", "--quiet"], target_path=target)
            parse.wait()
            known.write_text(made_of)
    return project


class InstalledDbt(DbtCliResource):
    """The dbt that is installed with this package."""

    @cached_property
    def _cli_version(self) -> Version:
        # dagster-dbt asks `dbt --version`, which imports every adapter there is and looks for newer ones on the
        # internet: as long as building the models takes, before each command.
        return Version(version("dbt-core"))


def dbt_resource(project: DbtProject) -> DbtCliResource:
    """Dbt's command line, as Dagster runs it."""
    return InstalledDbt(project_dir=str(project.project_dir), dbt_executable=_executable())


def _executable() -> str:
    """The dbt that is installed beside this Python, whether or not its folder is on the PATH."""
    beside = Path(sys.executable).with_name("dbt")
    return str(beside) if beside.exists() else "dbt"


def _fingerprint(folder: Path) -> str:
    """What a manifest is made of: times of files say little where versions lie beside each other."""
    digest = hashlib.sha256()
    for package in ("dbt-core", "dbt-adapters", "dbt-duckdb"):
        digest.update(f"{package} {version(package)}\n".encode())
    for kind in ("models", "macros", "seeds", "tests", "*.yml"):
        for found in sorted(folder.glob(kind)):
            for file in sorted(found.rglob("*")) if found.is_dir() else (found,):
                if file.is_file():
                    digest.update(f"{file.relative_to(folder)} {file.stat().st_size}\n".encode())
                    digest.update(file.read_bytes())
    return digest.hexdigest()


class Translator(DagsterDbtTranslator):
    """How a model becomes an asset: keys and checks are dagster-dbt's, the rest ours."""

    def get_asset_spec(
        self, manifest: Mapping[str, Any], unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        """The asset of a model: grouped by layer, described in words, owned and fresh as the raw tables are."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        node = manifest["nodes"].get(unique_id)
        if node is None:  # a source: it is one of the raw tables
            return spec
        # The first folder below `models/` is the layer; seeds lie with the marts that are made from them.
        layer = "marts" if node["resource_type"] == "seed" else node["fqn"][1]
        # The SQL is a click away; it is no description.
        return spec.replace_attributes(
            group_name=layer,
            description=node["description"],
            owners=owners(),
            # A view is as fresh as what it reads.
            freshness_policy=FRESHNESS if node["config"]["materialized"] == "table" else None,
        ).merge_attributes(tags={PART: BUILT})


def dbt_models(project: DbtProject) -> dg.AssetsDefinition:
    """All models of the project, built by one `dbt build`, tests as asset checks."""
    translator = Translator(
        DagsterDbtTranslatorSettings(
            enable_source_tests_as_checks=True, enable_code_references=True
        )
    )

    @dbt_assets(
        manifest=project.manifest_path,
        project=project,
        name=DBT_STEP,
        dagster_dbt_translator=translator,
        pool=pool(DBT_STEP),
    )
    def rootly_dbt(
        context: dg.AssetExecutionContext,
        dbt: DbtCliResource,
        warehouse: dg.ResourceParam[Warehouse],
    ) -> Iterator[Any]:
        try:
            yield from _build(context, dbt, project, warehouse)
        except DagsterDbtCliRuntimeError as error:
            raise dg.Failure(reason(error), allow_retries=False) from error
        except LoadError as error:
            raise dg.Failure(str(error), allow_retries=False) from error

    return rootly_dbt


def _build(
    context: dg.AssetExecutionContext,
    dbt: DbtCliResource,
    project: DbtProject,
    warehouse: Warehouse,
) -> Iterator[Any]:
    for left in reversed(range(ATTEMPTS)):
        # Every source exists before its first row, so that models build on any workspace. It waits for other
        # processes that have the file open, which dbt does not.
        warehouse.prepare(lists())
        try:
            _build_upstream(context, dbt, project, warehouse)
            context.log.info("dbt: building and testing the models …")
            yield from _events_of_build(context, dbt, project)
        except DagsterDbtCliRuntimeError as error:
            if not left or not met_a_lock(error):
                raise
            context.log.info("dbt: another process opened the file before dbt did.")
        else:
            return


def _events_of_build(
    context: dg.AssetExecutionContext, dbt: DbtCliResource, project: DbtProject
) -> Iterator[Any]:
    # Unit tests prove the models, not the data: `make test-slow` runs them.
    build = dbt.cli(
        ["build", "--exclude-resource-type", "unit_test"],
        context=context,
        target_path=_target(project, "build"),
    )
    try:
        yield from with_plain_types(_events(build))
    finally:
        _let_go(build)


def _events(build: DbtCliInvocation) -> Iterator[Any]:
    # The lineage takes a third of what building the models of a small workspace does.
    if not column_lineage():
        return cast("Any", build.stream())
    # It reaches into dagster-dbt: who has another version and switches it off needs none of that.
    from rootly_assets.assets.column_lineage import with_columns

    return with_columns(build)


def _build_upstream(
    context: dg.AssetExecutionContext,
    dbt: DbtCliResource,
    project: DbtProject,
    warehouse: Warehouse,
) -> None:
    """Build what the chosen models read and the warehouse lacks: who asks for one mart alone gets it."""
    manifest = json.loads(project.manifest_path.read_text())
    translator = Translator()
    keys = {
        each: translator.get_asset_spec(manifest, each, project).key
        for each, node in manifest["nodes"].items()
        if node["resource_type"] in ("model", "seed")
    }
    chosen = {each for each, key in keys.items() if key in context.selected_asset_keys}
    missing = unbuilt(manifest, chosen, warehouse.reading())
    if not missing:
        return
    context.log.info(f"dbt: building {len(missing)} models that these read …")
    names = " ".join(".".join(manifest["nodes"][each]["fqn"]) for each in missing)
    dbt.cli(
        ["build", "--resource-type", "model", "--resource-type", "seed", "--select", names],
        target_path=_target(project, "upstream"),
    ).wait()
    for each in missing:
        if each in chosen:
            continue
        context.log_event(
            dg.AssetMaterialization(
                keys[each], description="Built because a model that was asked for reads it."
            )
        )


def _target(project: DbtProject, name: str) -> Path:
    """A folder for what a command of dbt writes, which leaves the manifest alone.

    What was parsed for the manifest lies there too: dbt would parse the project anew, which takes longer than
    a small workspace's models.
    """
    target = project.target_path / name
    parsed, known = project.target_path / PARSED, target / PARSED
    if parsed.exists() and not (known.exists() and known.stat().st_mtime >= parsed.stat().st_mtime):
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy2(parsed, known)
    return target


def _let_go(build: DbtCliInvocation) -> None:
    """Close the connections with which dagster-dbt looked at columns in this process.

    dbt-duckdb keeps one for the life of the process, and with it the file's lock.
    """
    if build.adapter is None:
        return
    build.adapter.cleanup_connections()
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    manager = build.adapter.connections
    if isinstance(manager, DuckDBConnectionManager):
        # It raises a bare Exception where nothing was opened, and otherwise leaves closing to the garbage
        # collector, which may come late.
        with contextlib.suppress(Exception):
            manager.env().close()
        manager.close_all_connections()
