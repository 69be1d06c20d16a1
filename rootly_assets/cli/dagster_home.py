"""The folder in which Dagster keeps what it knows: runs, what is switched on, settings of the instance."""

import os
import shutil
from pathlib import Path

from rootly_assets.api import NotConfigured

VARIABLE = "DAGSTER_HOME"


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


def have_home(checkout: Path) -> None:
    """Where the environment names none, give it a checkout's own, as the Makefile does.

    Its `dagster.yaml`, which Dagster finds where it is called, asks for the variable.
    """
    if os.environ.get(VARIABLE):
        return
    home = checkout / ".dagster"
    home.mkdir(exist_ok=True)
    shutil.copy(checkout / "dagster.yaml", home)
    os.environ[VARIABLE] = str(home)
