"""Data flows one way: each room of docs/architecture.md imports the rooms before it, and no others."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "rootly_assets"

MAY_IMPORT = {
    "catalogue": {"settings", "requests"},
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
    "report": {"charts", "queries", "reader", "sql"},
    # Agreement with it means something only if it knows nothing of what agrees.
    "sandbox": {"arguments"},
}
WATCHED = {*(path.stem for path in PACKAGE.iterdir()), "dagster", "duckdb", "requests"}


def imported(module: Path) -> Iterator[str]:
    """The rooms of the package, and the watched libraries, that a module imports."""
    for node in ast.walk(ast.parse(module.read_text())):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            found = name.removeprefix("rootly_assets.").split(".")[0]
            if found in WATCHED and (
                found in name.split(".")[:1] or name.startswith("rootly_assets.")
            ):
                yield found


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_a_room_imports_only_what_comes_before_it(room: str) -> None:
    modules = list((PACKAGE / room).rglob("*.py"))
    assert modules
    for module in modules:
        unexpected = set(imported(module)) - MAY_IMPORT[room] - {room}
        assert not unexpected, f"{module.relative_to(PACKAGE)} imports {', '.join(unexpected)}"
