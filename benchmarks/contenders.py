"""Who competes: each is a fresh process that loads incidents and alerts into a DuckDB file, or reads them."""

import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks import airbyte_cdk
from benchmarks.server import REQUESTS_PER_MINUTE

DAGSTER_SETTINGS = Path(__file__).parents[1] / "dagster.yaml"
SELECTION = 'key:"rootly/incidents" or key:"rootly/alerts"'


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to load the two lists.

    Attributes:
        name: short, for the command line.
        title: for people.
        layout: how it lays out its tables, as verification knows it.
        output: the file that its rows are in, and in which its standard output goes if it is one.
    """

    name: str
    title: str
    layout: str
    output: str = "warehouse.duckdb"


SYNC = Contender("sync", "our sync", "ours")
DAGSTER = Contender("dagster", "our Dagster run", "ours")
TUNED = Contender("tuned", "dlt, typed columns", "columns")
DOCUMENT = Contender("document", "dlt, one JSON column", "document")
AIRBYTE = Contender(
    "airbyte", "airbyte-cdk, reading alone", "messages", output=airbyte_cdk.MESSAGES
)
ALL = (SYNC, DAGSTER, TUNED, DOCUMENT, AIRBYTE)

# Children write their bytecode into a folder of the benchmark, whatever the surroundings say: a
# first run, which does not count, leaves everybody with what an installed program has.
BYTECODE = "bytecode"


def named(names: str, among: Sequence[Contender] = ALL) -> list[Contender]:
    """The contenders of these names, set apart by commas, in the order of those there are.

    Raises:
        SystemExit: there is none of a name.
    """
    wanted = {name.strip() for name in names.split(",")}
    known = [each.name for each in among]
    if unknown := sorted(wanted.difference(known)):
        raise SystemExit(
            f"There is no contender named {' or '.join(map(repr, unknown))}: "
            f"choose from {', '.join(known)}."
        )
    return [each for each in among if each.name in wanted]


class Address(Protocol):
    """Where a workspace is served.

    Attributes:
        url: base URL.
        token: the bearer token it accepts.
    """

    url: str
    token: str


def command(contender: Contender, server: Address, folder: Path) -> Sequence[str]:
    """The command line that loads into the contender's file in the folder."""
    if contender is AIRBYTE:
        return airbyte_cdk.command(server.url, server.token, folder)
    python = sys.executable
    where = ["--url", server.url, "--token", server.token, "--folder", str(folder)]
    limit = ["--requests-per-minute", str(REQUESTS_PER_MINUTE)]
    dagster = [python, "-m", "dagster", "asset", "materialize"]
    return {
        SYNC: [python, "-m", "benchmarks.sync_alone", *where, *limit],
        DAGSTER: [*dagster, "-m", "rootly_assets.raw_definitions", "--select", SELECTION],
        TUNED: [python, "-m", "benchmarks.generic_loader", *where, "--tables", "columns"],
        DOCUMENT: [python, "-m", "benchmarks.generic_loader", *where, "--tables", "document"],
    }[contender]


def environment(contender: Contender, server: Address, folder: Path) -> Mapping[str, str]:
    """What the process finds in its environment beside what is there already."""
    common = {
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(folder.parent.parent / BYTECODE),
        "DAGSTER_DISABLE_TELEMETRY": "1",
        "RUNTIME__DLTHUB_TELEMETRY": "false",
    }
    if contender is not DAGSTER:
        return common
    return common | {
        "DAGSTER_HOME": str(folder / "dagster"),
        "ROOTLY_API_URL": server.url,
        "ROOTLY_API_TOKEN": server.token,
        "ROOTLY_DUCKDB_PATH": str(folder / DAGSTER.output),
        "ROOTLY_LANDING_DIR": str(folder / "landing"),
        "ROOTLY_REQUESTS_PER_MINUTE": str(REQUESTS_PER_MINUTE),
    }


def prepare(contender: Contender, folder: Path) -> None:
    """Give the process an empty folder, and Dagster the settings that `make` gives it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if contender is DAGSTER:
        (folder / "dagster").mkdir()
        shutil.copy(DAGSTER_SETTINGS, folder / "dagster")
