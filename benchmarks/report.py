"""Results for people: tables in the terminal, and the same as a section of `RESULTS.md`.

Each command writes its own section and leaves the others as they are, so that what takes long need
not be measured again with what is quick.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.machine import described

RESULTS = Path(__file__).with_name("RESULTS.md")
TITLE = "# Measured\n"


@dataclass(frozen=True, slots=True)
class Part:
    """One table.

    Attributes:
        heading: what it is about.
        columns: names; all but the first stand to the right.
        rows: cells.
        remarks: sentences below it.
    """

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    remarks: Sequence[str] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Section:
    """What one command has to say.

    Attributes:
        title: names the section; a later one of the same title takes its place.
        explanation: how to read the figures.
        parts: the tables.
    """

    title: str
    explanation: str
    parts: Sequence[Part]


def beside(cpu: float | None, other: float | None) -> str:
    """CPU seconds as a cell, and how many times less that is than another takes, if it took part."""
    if cpu is None:
        return ""
    return f"{cpu:.1f} ({other / cpu:.1f}×)" if other else f"{cpu:.1f}"


def print_section(console: Console, section: Section) -> None:
    """Print the tables and what there is to know about them."""
    for part in section.parts:
        table = Table(title=part.heading, title_justify="left", title_style="bold")
        for number, name in enumerate(part.columns):
            table.add_column(name, justify="left" if number == 0 else "right")
        for row in part.rows:
            table.add_row(*row)
        console.print(table)
        for line in part.remarks:
            console.print(f"  {line}", highlight=False)
    console.print(section.explanation, style="dim")


def write_section(section: Section, command: str, *, path: Path = RESULTS) -> None:
    """Put the section into the file, in the place of the one before if there is one.

    Args:
        section: what to write.
        command: how it was measured.
        path: the file; made if it is not there.
    """
    title, *others = _sections(path.read_text()) if path.exists() else [TITLE]
    heading = f"## {section.title}\n"
    text = "\n".join([heading, *_body(section, command)]).rstrip() + "\n"
    places = [place for place, each in enumerate(others) if each.startswith(heading)]
    if places:
        others[places[0]] = text
    else:
        others.append(text)
    path.write_text("\n".join(each.rstrip() + "\n" for each in (title, *others)))


def _sections(text: str) -> list[str]:
    """What stands before the first heading of the second level, then each of these sections."""
    return re.split(r"^(?=## )", text, flags=re.MULTILINE)


def _body(section: Section, command: str) -> list[str]:
    machine = "; ".join(f"{name}: {value}" for name, value in described())
    lines = [f"`{command}`, {datetime.now(UTC):%Y-%m-%d}; {machine}.", "", section.explanation, ""]
    for part in section.parts:
        lines += [f"### {part.heading}", "", *_markdown(part.columns, part.rows), ""]
        lines += [*(f"- {line}" for line in part.remarks), ""]
    return lines


def _markdown(header: Sequence[str], cells: Sequence[Sequence[str]]) -> list[str]:
    rule = ["---", *("---:" for _ in header[1:])]
    return [f"| {' | '.join(line)} |" for line in (header, rule, *cells)]
