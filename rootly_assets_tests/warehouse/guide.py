"""The commands of a guide, or of another page, so that tests can carry out what it tells people to do."""

import re
from collections.abc import Generator
from contextlib import chdir, contextmanager
from pathlib import Path
from textwrap import dedent
from typing import Any

import duckdb

GUIDES = Path(__file__).parents[2] / "docs" / "destinations"


def blocks(guide: str | Path, language: str) -> list[str]:
    """The blocks of code in a language, in order, of a guide or of the page with this whole path.

    Those of an entry of a list are indented there, and not here.
    """
    text = (GUIDES / guide).read_text()
    found = re.findall(rf"^( *)```{language}\n(.*?)^\1```$", text, re.MULTILINE | re.DOTALL)
    return [dedent(block) for _, block in found]


def carry_out_python(guide: str | Path, with_word: str = "") -> dict[str, Any]:
    """Run a page's Python, with the destination of the environment; the names that it leaves behind.

    Args:
        guide: a guide, or the whole path of a page.
        with_word: stands in that block and in no other; not needed where there is one block.
    """
    (shown,) = (block for block in blocks(guide, "python") if with_word in block)
    names: dict[str, Any] = {}
    exec(compile(shown, guide, "exec"), names)
    return names


@contextmanager
def where_data_is(folder: Path, around: Path) -> Generator[None]:
    """Work where a folder is called `data`, as it is in the guides.

    Args:
        folder: where a run has put everything.
        around: an empty folder.
    """
    (around / "data").symlink_to(folder, target_is_directory=True)
    with chdir(around):
        yield


def answers(connection: duckdb.DuckDBPyConnection, block: str) -> list[list[tuple[Any, ...]]]:
    """Carry out each statement of a block of SQL; the rows that it gives."""
    statements = connection.extract_statements(block)
    return [connection.execute(each).fetchall() for each in statements]
