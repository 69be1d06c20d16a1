"""dagster-dbt without dbt itself: dbt runs in a process of its own, and importing it here takes a second.

dagster-dbt works with dbt-core installed or not (dbt Fusion is no Python package). Where it is, four of its
modules are imported for a few names that dagster-dbt has stand-ins for, which takes longer than to import
all of Dagster. So it is imported as if dbt-core were not there, and told the version afterwards. What needs
dbt-core in this process (looking at columns after a build) imports it when it does.
"""

import importlib
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.metadata import PackageNotFoundError, version
from threading import get_ident
from types import ModuleType


class _Hidden(MetaPathFinder):
    """Says that there is no dbt, to the thread that made it."""

    def __init__(self) -> None:
        self._thread = get_ident()

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - the interface's
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] == "dbt" and get_ident() == self._thread:
            raise ModuleNotFoundError(f"{fullname} is not needed here", name=fullname)
        return None


def import_dagster_dbt() -> None:
    """Import dagster-dbt, lightly where it has not been imported before."""
    if "dagster_dbt" in sys.modules or "dbt" in sys.modules:
        importlib.import_module("dagster_dbt")
        return
    hidden = _Hidden()
    sys.meta_path.insert(0, hidden)
    try:
        importlib.import_module("dagster_dbt")
    finally:
        sys.meta_path.remove(hidden)
    try:
        # The module's own `packaging.version`.
        installed = importlib.import_module("dagster_dbt.compat").version.parse(version("dbt-core"))
    except PackageNotFoundError:
        return
    for name in ("dagster_dbt", "dagster_dbt.compat", "dagster_dbt.core.resource"):
        importlib.import_module(name).__dict__["DBT_PYTHON_VERSION"] = installed
