"""The folder in which Dagster keeps what it knows: runs, what is switched on, settings of the instance."""

import os
from pathlib import Path
from uuid import uuid4

from rootly_assets.errors import NotConfigured
from rootly_assets.installation import in_checkout
from rootly_assets.settings import database_path, project_folder

VARIABLE = "DAGSTER_HOME"
SETTINGS = "dagster.yaml"


def check_home() -> None:
    """Look whether the folder that the environment names is one.

    Raises:
        NotConfigured: it is none, or its path depends on where a command is called.
    """
    named = os.environ.get(VARIABLE)
    if not named:
        return
    if not Path(named).is_absolute():
        raise NotConfigured(f"{VARIABLE} is {named!r}, but should be an absolute path.")
    if not Path(named).is_dir():
        raise NotConfigured(
            f"{VARIABLE} is {named!r}, which is not a folder: create it, or unset the variable."
        )


def have_home() -> None:
    """Where the environment names none, take our own: runs have to find each other, and be found later.

    In a checkout it is the Makefile's, elsewhere beside the DuckDB file. Its settings are always ours: whoever
    wants others names a folder.

    Raises:
        NotConfigured: it can't be written.
    """
    if os.environ.get(VARIABLE):
        return
    # Beside the checkout's dbt project, or where the wheel has it.
    settings = project_folder().parent / SETTINGS
    home = settings.parent / ".dagster" if in_checkout() else database_path().parent / "dagster"
    try:
        home.mkdir(parents=True, exist_ok=True)
        _put(settings.read_bytes(), home / SETTINGS)
    except OSError as error:
        raise NotConfigured(
            f"Dagster's folder {str(home)!r} can't be written ({error.strerror}): name another one by "
            f"{VARIABLE}."
        ) from error
    os.environ[VARIABLE] = str(home)


def _put(content: bytes, path: Path) -> None:
    """Write a file that other processes may be about to read, if it is another one."""
    if path.exists() and path.read_bytes() == content:
        return
    written = path.with_name(f"{path.name}.{uuid4().hex}")
    written.write_bytes(content)
    written.replace(path)
