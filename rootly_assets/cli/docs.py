"""Writes the documentation of the models (`dbt docs`) as one HTML page that opens from disk."""

import os
import shutil
from pathlib import Path

from rich.console import Console

from rootly_assets.cli.pages import has_warehouse
from rootly_assets.cli.preflight import obstacle
from rootly_assets.cli.refusal import refused
from rootly_assets.settings import database_path

NAME = "models.html"


def write_docs(console: Console, path: Path | None) -> int:
    """Write the page; returns the exit status.

    Args:
        console: where to print.
        path: the page; beside the DuckDB file where none is named.
    """
    # It describes tables that are there, with their columns and types.
    if not has_warehouse(console, "docs"):
        return 1
    page = path or database_path().parent / NAME
    if found := _unwritable(page) or obstacle(reads=False):
        return refused(console, "docs", found)
    # dbt works in a folder of its own: it must find the same file.
    os.environ["ROOTLY_DUCKDB_PATH"] = str(database_path())
    from rootly_assets.assets.dbt import dbt_project, dbt_resource

    project = dbt_project()
    target = project.target_path / "docs"
    console.print("Describing every model and column …")
    made = dbt_resource(project).cli(
        ["docs", "generate", "--static", "--quiet"], target_path=target, raise_on_error=False
    )
    made.wait()
    if not made.is_successful():
        return refused(console, "docs", f"dbt could not describe the models; see {target}/dbt.log")
    shutil.copyfile(target / "static_index.html", page)
    console.print(f"Models and their lineage: [bold]{os.path.relpath(page)}[/bold]", soft_wrap=True)
    return 0


def _unwritable(page: Path) -> str | None:
    """Why the page can't be written, before anything takes long; None where it can."""
    if page.is_dir():
        return f"{page} is a folder: name the page in it, like {page / NAME}."
    try:
        page.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return f"{page} can't be written: {error.strerror}."
    if not os.access(page if page.exists() else page.parent, os.W_OK):
        return f"{page} can't be written: you may not write there."
    return None
