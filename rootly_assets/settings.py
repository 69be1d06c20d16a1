"""What the environment says: its variables, with their defaults.

What one executor or destination alone asks for is read beside it; dbt's variables have their defaults in a
file that users of a checkout may edit, the dbt project's.

Dagster is imported late, where something is made for it: who reads tables in Python does without.
"""

import os
import re
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from rootly_assets.arguments import read_whole_number
from rootly_assets.catalogue import Endpoint, readable, wired
from rootly_assets.catalogue.published import DEFAULT_URL
from rootly_assets.dbt_variables import declared, wrong
from rootly_assets.errors import NotConfigured

if TYPE_CHECKING:
    import dagster as dg

    from rootly_assets.api import RootlyResource

# Not rootly.duckdb: its database would have the name of the schema, and `rootly.incidents` be ambiguous in
# other tools.
DEFAULT_DATABASE = "data/warehouse.duckdb"

Resource = TypeVar("Resource", bound="dg.ConfigurableResource[Any]")

DESTINATIONS = (
    *("duckdb", "postgres", "motherduck", "ducklake", "filesystem"),
    *("snowflake", "bigquery", "redshift", "databricks"),
)

# Those that let one process at a time in: files that are locked as a whole, or have no locks at all. Of
# MotherDuck nobody has tried what several writers do to each other.
ONE_PROCESS = frozenset({"duckdb", "motherduck", "ducklake", "filesystem"})

EXECUTORS = ("in_process", "multiprocess", "celery", "k8s")


def destination() -> str:
    """`ROOTLY_DESTINATION`: which warehouse everything lands in; a DuckDB file by default.

    Raises:
        NotConfigured: there is no such destination.
    """
    name = os.environ.get("ROOTLY_DESTINATION") or DESTINATIONS[0]
    if name not in DESTINATIONS:
        raise NotConfigured(
            f"ROOTLY_DESTINATION is {name!r}, but should be one of {', '.join(DESTINATIONS)}."
        )
    return name


def executor_name() -> str:
    """`ROOTLY_EXECUTOR`: where the steps of a run are carried out; in the run's own process by default.

    Raises:
        NotConfigured: there is no such executor.
    """
    name = os.environ.get("ROOTLY_EXECUTOR") or EXECUTORS[0]
    if name not in EXECUTORS:
        raise NotConfigured(
            f"ROOTLY_EXECUTOR is {name!r}, but should be one of {', '.join(EXECUTORS)}."
        )
    return name


def parallel_steps() -> int:
    """`ROOTLY_PARALLEL_STEPS`: how many steps of a run may be under way at once, each in its own process."""
    return _whole_number("ROOTLY_PARALLEL_STEPS", at_least=1, default=4)


def port(name: str, default: int) -> int:
    """Where a server listens.

    Args:
        name: the variable that says so.
        default: the port without it.
    """
    return _whole_number(name, at_least=1, at_most=65535, default=default)


def postgres_port() -> int:
    """`ROOTLY_POSTGRES_PORT`: where the PostgreSQL server listens."""
    return port("ROOTLY_POSTGRES_PORT", 5432)


def database_path() -> Path:
    """`ROOTLY_DUCKDB_PATH`: the DuckDB file, absolute; a relative one counts from the working directory.

    Raises:
        NotConfigured: it is a folder.
    """
    path = Path(os.environ.get("ROOTLY_DUCKDB_PATH") or DEFAULT_DATABASE).absolute()
    if path.is_dir():
        raise NotConfigured(
            f"ROOTLY_DUCKDB_PATH is {str(path)!r}, which is a folder, but should name the DuckDB file."
        )
    return path


def database_memory() -> str:
    """`ROOTLY_DUCKDB_MEMORY`: how much memory DuckDB may use while raw rows are loaded."""
    return _size("ROOTLY_DUCKDB_MEMORY", default="256MB")


def dbt_memory() -> str:
    """`ROOTLY_DBT_MEMORY`: the same while the models are built; dbt's profile reads it."""
    return _size("ROOTLY_DBT_MEMORY", default="2GB")


def lock_wait() -> int:
    """`ROOTLY_DUCKDB_LOCK_WAIT`: seconds to wait for another process to let go of the DuckDB file."""
    return _whole_number("ROOTLY_DUCKDB_LOCK_WAIT", at_least=0, default=60)


def step_retry_delay() -> int:
    """`ROOTLY_STEP_RETRY_DELAY`: seconds before a step is tried again for the lists that failed."""
    return _whole_number("ROOTLY_STEP_RETRY_DELAY", at_least=0, default=5)


def column_lineage() -> bool:
    """`ROOTLY_COLUMN_LINEAGE`: whether each run works out which column comes from which; true by default.

    Raises:
        NotConfigured: it is neither true nor false.
    """
    said = os.environ.get("ROOTLY_COLUMN_LINEAGE") or "true"
    if said.lower() not in ("true", "false"):
        raise NotConfigured(f"ROOTLY_COLUMN_LINEAGE is {said!r}, but should be true or false.")
    return said.lower() == "true"


def landing_folder() -> Path:
    """`ROOTLY_LANDING_DIR`: where records lie until they are committed; beside the DuckDB file by default.

    Raises:
        NotConfigured: it is a file.
    """
    named = os.environ.get("ROOTLY_LANDING_DIR")
    folder = Path(named).absolute() if named else database_path().parent / "landing"
    if folder.is_file():
        raise NotConfigured(
            f"ROOTLY_LANDING_DIR is {str(folder)!r}, which is a file, but should be a folder."
        )
    return folder


def report_path() -> Path:
    """Where the report is written: beside the DuckDB file."""
    return database_path().parent / "report.html"


def project_folder() -> Path:
    """Where the dbt project lies: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "dbt_project"
    return installed if installed.exists() else package.parent / "dbt_project"


DBT_VARIABLES = "ROOTLY_DBT_VARS"


def dbt_variables() -> dict[str, Any]:
    """`ROOTLY_DBT_VARS`, an object in JSON or YAML, over what dbt_project.yml says: dbt's variables, by name.

    The macro `variable` does the same for the models. A list or an object takes the place of the whole default.

    Raises:
        NotConfigured: `ROOTLY_DBT_VARS` is no object, or what it says of one of them is invalid.
    """
    return declared(project_folder()) | _given_variables()


def _given_variables() -> dict[str, Any]:
    text = os.environ.get(DBT_VARIABLES)
    if not text:
        return {}
    given: Any = None
    with suppress(yaml.YAMLError):
        given = yaml.safe_load(text)
    if not isinstance(given, dict):
        raise NotConfigured(
            f"{DBT_VARIABLES} is {text!r}, but should be an object of dbt's variables, like "
            '{"rootly_hourly_cost": 120}.'
        )
    variables = cast("dict[str, Any]", given)
    if complaints := list(wrong(variables, project_folder())):
        raise NotConfigured(f"{DBT_VARIABLES} sets dbt's variables, but {'; '.join(complaints)}.")
    return variables


def time_zone() -> str:
    """`ROOTLY_TIME_ZONE`, else dbt's variable `rootly_time_zone`: IANA name of the zone in which days are cut.

    The macro of this name does the same for the models.

    Raises:
        NotConfigured: there is no such zone.
    """
    setting, name = "ROOTLY_TIME_ZONE", os.environ.get("ROOTLY_TIME_ZONE")
    if not name:
        variable = "rootly_time_zone"
        place = DBT_VARIABLES if variable in _given_variables() else "dbt_project.yml"
        setting, name = f"The variable {variable} of {place}", str(dbt_variables()[variable])
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise NotConfigured(
            f"{setting} is {name!r}, but should be the name of a time zone, like Europe/Berlin."
        ) from error
    return name


def openapi_url() -> str:
    """`ROOTLY_OPENAPI_URL`: where the vendor's OpenAPI document is; a file will do."""
    return os.environ.get("ROOTLY_OPENAPI_URL") or DEFAULT_URL


DEFAULT_OWNER = "team:reliability"

# Stands for every deprecated list among the names of optional ones.
DEPRECATED = "deprecated"


def lists() -> tuple[Endpoint, ...]:
    """The lists that are assets: all but the optional ones, and those that `ROOTLY_OPTIONAL_LISTS` names.

    Raises:
        NotConfigured: it names a list that there is not.
    """
    optional = {each.table: each for each in readable() if each.optional}
    named = {each.strip() for each in os.environ.get("ROOTLY_OPTIONAL_LISTS", "").split(",")} - {""}
    if unknown := sorted(named - optional.keys() - {DEPRECATED}):
        raise NotConfigured(
            f"ROOTLY_OPTIONAL_LISTS names {', '.join(unknown)}, but should be the word {DEPRECATED} or names "
            f"from: {', '.join(sorted(optional))}."
        )
    if DEPRECATED in named:
        named |= {table for table, each in optional.items() if each.deprecated}
    return wired(frozenset(named - {DEPRECATED}))


def owners() -> list[str]:
    """`ROOTLY_OWNERS`: whom Dagster names as owners of every asset.

    Raises:
        NotConfigured: one is neither an e-mail address nor a team, as Dagster reads them.
    """
    import dagster as dg

    said = os.environ.get("ROOTLY_OWNERS") or DEFAULT_OWNER
    named = [each for each in dict.fromkeys(map(str.strip, said.split(","))) if each]
    for owner in named:
        try:
            dg.AssetSpec("owned", owners=[owner])
        except dg.DagsterInvalidDefinitionError as error:
            raise NotConfigured(
                f"ROOTLY_OWNERS is {said!r}, but should be e-mail addresses and teams, with commas between "
                f"them, like sre@example.com,{DEFAULT_OWNER}: {owner!r} is neither."
            ) from error
    return named or [DEFAULT_OWNER]


def pulse_interval() -> int:
    """`ROOTLY_PULSE_INTERVAL`: seconds between two looks of the sensor `rootly_pulse`."""
    return _whole_number("ROOTLY_PULSE_INTERVAL", at_least=10, default=60)


def pulse_gap() -> timedelta:
    """`ROOTLY_PULSE_GAP`: the least time between two runs that `rootly_pulse` starts for one domain."""
    return timedelta(seconds=_whole_number("ROOTLY_PULSE_GAP", at_least=0, default=300))


# How far back a sync reads again what it may have missed: the field of `SyncOptions`, one unit, and the most.
LOOK_BACKS = {
    "ROOTLY_OVERLAP_MINUTES": ("overlap", timedelta(minutes=1), 1_440),
    "ROOTLY_LOOKBACK_DAYS": ("lookback", timedelta(days=1), 366),
    "ROOTLY_CHILD_LOOKBACK_HOURS": ("child_lookback", timedelta(hours=1), 8_784),
    "ROOTLY_LINK_LOOKBACK_MINUTES": ("link_lookback", timedelta(minutes=1), 10_080),
    "ROOTLY_SHIFT_LOOKBACK_DAYS": ("trailing", timedelta(days=1), 366),
}


def look_backs() -> dict[str, Any]:
    """Those look-backs that the environment sets, by their field of `SyncOptions`."""
    return {
        field: unit * _whole_number(name, at_least=1, at_most=most)
        for name, (field, unit, most) in LOOK_BACKS.items()
        if os.environ.get(name)
    }


# Variables of the API client, and the fields of `RootlyResource` that they set.
CLIENT_VARIABLES = {
    "ROOTLY_API_TOKEN": "token",
    "ROOTLY_API_URL": "base_url",
    "ROOTLY_PERSONAL_DATA": "personal_data",
    "ROOTLY_HASH_SALT": "salt",
    "ROOTLY_SECRET_KEYS": "secret_keys",
}
PER_MINUTE = "requests_per_minute"
# The same for whole numbers, with the smallest and, where there is one, the largest that makes sense.
CLIENT_NUMBERS = {
    "ROOTLY_REQUESTS_PER_MINUTE": (PER_MINUTE, 1, None),
    "ROOTLY_CONCURRENCY": ("concurrency", 1, None),
    "ROOTLY_READ_TIMEOUT": ("read_timeout", 1, None),
    "ROOTLY_RETRIES": ("retries", 0, None),
    "ROOTLY_SWEEP_PERCENT": ("sweep_percent", 1, 100),
}


def rootly_resource() -> "RootlyResource":
    """The client as the environment sets it; of texts Dagster shows the variables' names, not their values.

    A variable that is not set leaves the field's default, so that a missing token is reported by the client,
    in its own words.

    Raises:
        NotConfigured: a number is none.
    """
    import dagster as dg

    from rootly_assets.api import RootlyResource

    given: dict[str, Any] = {
        field: dg.EnvVar(name) for name, field in CLIENT_VARIABLES.items() if os.environ.get(name)
    }
    for name, (field, at_least, at_most) in CLIENT_NUMBERS.items():
        if os.environ.get(name):
            given[field] = _whole_number(name, at_least=at_least, at_most=at_most)
    if PER_MINUTE in given and executor_name() != EXECUTORS[0]:
        # An upper bound that somebody has set holds for all steps together. Without one, Rootly's own count
        # of what is left keeps them within its limit, and a step that reads alone has all of it.
        given[PER_MINUTE] = max(1, given[PER_MINUTE] // parallel_steps())
    return RootlyResource(**given)


def check() -> None:
    """Read every setting, so that an invalid one is told before anything begins.

    What only one destination or executor reads is checked where it is made. There may be no token yet: the UI
    opens without one, and the client says so when it is to read.

    Raises:
        NotConfigured: which variable it is, what it says, and what it should.
    """
    from rootly_assets.api import NoToken

    for read in (
        *(destination, executor_name, parallel_steps, postgres_port, lists),
        *(dbt_variables, time_zone, owners),
        *(database_path, database_memory, dbt_memory, lock_wait, landing_folder),
        *(step_retry_delay, column_lineage, pulse_interval, pulse_gap, look_backs),
    ):
        read()
    with suppress(NoToken):
        outside_of_runs(rootly_resource()).checked_settings()


def outside_of_runs(resource: Resource) -> Resource:
    """A resource with the values of its variables in place of their names, as in a run, where there is none.

    Dagster's own way makes an instance with a database in memory for it, which takes a process a CPU second.
    """
    import dagster as dg

    values = {name: getattr(resource, name) for name in type(resource).model_fields}
    return type(resource)(
        **{
            name: value.get_value() if isinstance(value, dg.EnvVar) else value
            for name, value in values.items()
        }
    )


def _whole_number(name: str, *, at_least: int, at_most: int | None = None, default: int = 0) -> int:
    text = os.environ.get(name) or str(default)
    try:
        return read_whole_number(text, at_least, at_most)
    except ValueError as error:
        raise NotConfigured(f"{name} is {text!r}, but {error}.") from error


def _size(name: str, *, default: str) -> str:
    text = os.environ.get(name) or default
    # As DuckDB reads it.
    if not re.fullmatch(r"[1-9]\d*(\.\d+)? ?[KMGT](i?B)?", text, re.IGNORECASE | re.ASCII):
        raise NotConfigured(f"{name} is {text!r}, but should be a size like {default}.")
    return text
