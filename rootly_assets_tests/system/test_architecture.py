"""Data flows one way: each room of docs/architecture.md imports the rooms before it, and no others."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "rootly_assets"

MAY_IMPORT = {
    "catalogue": {"settings", "installation", "requests"},
    "api": {"catalogue", "errors", "dagster", "requests"},
    "sync": {"catalogue", "api", "errors", "sql", "duckdb"},
    "warehouse": {
        "catalogue",
        "errors",
        "sync",
        "sql",
        "settings",
        "installation",
        "dagster",
        "duckdb",
    },
    "panels": {"sql"},
    "charts": set[str](),
    "queries": {"charts", "reader"},
    "report": {"charts", "markup", "queries", "reader", "sql"},
    # Agreement with it means something only if it knows nothing of what agrees.
    "sandbox": {"arguments"},
}
# The rooms within `sync/`, and what each knows of it beside itself.
INSIDE_SYNC = {
    "planning": {"batch", "loader", "part", "state"},
    "reading": {"planning", "batch", "landing", "part", "state"},
    "shaping": {"errors"},
}
WATCHED = {*(path.stem for path in PACKAGE.iterdir()), "dagster", "duckdb", "requests"}


def names_imported(module: Path) -> Iterator[str]:
    """What a module imports, with dots."""
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported(module: Path) -> Iterator[str]:
    """The rooms of the package, and the watched libraries, that a module imports."""
    for name in names_imported(module):
        found = name.removeprefix("rootly_assets.").split(".")[0]
        if found in WATCHED and (found in name.split(".")[:1] or name.startswith("rootly_assets.")):
            yield found


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_what_comes_before_it(room: str) -> None:
    modules = list((PACKAGE / room).rglob("*.py"))
    assert modules
    for module in modules:
        unexpected = set(imported(module)) - MAY_IMPORT[room] - {room}
        assert not unexpected, f"{module.relative_to(PACKAGE)} imports {', '.join(unexpected)}"


@pytest.mark.parametrize("room", INSIDE_SYNC)
def test_sync_is_planned_before_it_is_read_and_shaped_by_itself(room: str) -> None:
    modules = list((PACKAGE / "sync" / room).rglob("*.py"))
    assert modules
    for module in modules:
        inside = {
            name.split(".")[2]
            for name in names_imported(module)
            if name.startswith("rootly_assets.sync.")
        }
        unexpected = inside - INSIDE_SYNC[room] - {room}
        assert not unexpected, f"{module.relative_to(PACKAGE)} imports {', '.join(unexpected)}"
