"""Every model compiles for warehouses that only an account can reach, in their own dialects.

An independent parser reads what dbt compiled. It is kinder than the warehouses, so what each of them is
known to lack is looked for as well. Nothing is executed: docs/destinations/clouds.md says what that means.
"""

import re
from collections.abc import Iterable

import pytest
import sqlglot
from sqlglot import exp

from rootly_assets_tests.dbt.commands import PROJECT
from rootly_assets_tests.dialects.compiled import CREDENTIALS, Compiled, compile_models
from rootly_assets_tests.dialects.redshift import percentiles_of_several_columns

pytestmark = pytest.mark.exhaustive

_ZONED = r"\bat time zone\b"
_STANDARD_TYPES = r"\bas (varchar|double precision|timestamp with time zone)\b"
_VALUES_AS_TABLE = r"\(\s*values\b"

# What the other dialects of this project say, and this one can't.
FOREIGN: dict[str, tuple[str, ...]] = {
    "snowflake": (_ZONED, r"\bjson_extract", r"\bfilter \(", r"\bgenerate_series\b", "#>>"),
    "bigquery": (
        *(_ZONED, _STANDARD_TYPES, _VALUES_AS_TABLE),
        *(r"\binterval '", r"\bwithin group\b", r"\bfilter \(", r"\bisodow\b", r"\bescape '"),
        r"\bunion(?! (all|distinct)\b)",
    ),
    "redshift": (
        *(_VALUES_AS_TABLE, "#>>", r"\bjsonb", r"\bgenerate_series\b", r"\bstring_agg\b"),
        *(r"\barray_agg\b", r"\bfilter \(", r"\bdistinct from\b", r"\bisodow\b", r"\blateral\b"),
    ),
    "databricks": (
        *(_ZONED, _STANDARD_TYPES, r"\bisodow\b", r"\bjson_extract", r"\bgenerate_series\b"),
        *("#>>", r"\bstring_agg\b", r"\bunnest\b"),
    ),
}

# Words that BigQuery keeps for itself and that are attributes of the API.
RESERVED = {"bigquery": ("groups", "interval", "range"), "snowflake": ("group",)}


@pytest.fixture(scope="module")
def all_compiled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Compiled]:
    return compile_models(sorted(CREDENTIALS), tmp_path_factory.mktemp("dialects"))


@pytest.fixture(params=sorted(CREDENTIALS))
def compiled(request: pytest.FixtureRequest, all_compiled: dict[str, Compiled]) -> Compiled:
    return all_compiled[request.param]


def test_every_model_parses_in_its_dialect_and_has_nothing_of_another(compiled: Compiled) -> None:
    assert compiled.adapter == compiled.dialect
    assert set(compiled.models) == {path.stem for path in PROJECT.glob("models/**/*.sql")}
    assert {
        name: found
        for name, sql in compiled.models.items()
        if (found := list(_wrong(sql, compiled)))
    } == {}


def test_hours_of_ones_own_are_among_what_is_parsed(compiled: Compiled) -> None:
    assert "'own' as preset" in compiled.models["fct_interruptions"]


def test_no_model_asks_redshift_for_percentiles_of_several_columns_at_once(
    all_compiled: dict[str, Compiled],
) -> None:
    models = all_compiled["redshift"].models
    parsed = {name: sqlglot.parse_one(sql, dialect="redshift") for name, sql in models.items()}
    found = {name: percentiles_of_several_columns(each) for name, each in parsed.items()}
    assert {name: queries for name, queries in found.items() if queries} == {}


def test_what_only_other_dialects_say_is_found(compiled: Compiled) -> None:
    """The test above can fail."""
    wrong = {
        "snowflake": "select started_at at time zone 'UTC' as x from t",
        "bigquery": "select cast(x as double precision) as x from t",
        "redshift": "select x from t where a is distinct from b",
        "databricks": "select cast(x as varchar) as x from t",
    }[compiled.dialect]
    assert list(_wrong(wrong, compiled))
    assert list(_wrong("select (x from t", compiled))
    percentiles = "select percentile_cont(0.5) within group (order by a), {} from t"
    several = percentiles.format("percentile_cont(0.9) within group (order by b)")
    assert percentiles_of_several_columns(sqlglot.parse_one(several, dialect="redshift"))


def _wrong(sql: str, compiled: Compiled) -> Iterable[str]:
    without_comments = re.sub(r"--[^\n]*", "", sql)
    try:
        parsed = sqlglot.parse_one(sql, dialect=compiled.dialect)
    except sqlglot.errors.ParseError as error:
        yield str(error)
        return
    if not isinstance(parsed, exp.Query):
        yield f"no query, but {type(parsed).__name__}"
    for pattern in FOREIGN[compiled.dialect]:
        if found := re.search(pattern, without_comments, re.IGNORECASE):
            yield found.group()
    for column in parsed.find_all(exp.Column):
        if not column.this.args.get("quoted") and column.name.lower() in RESERVED.get(
            compiled.dialect, ()
        ):
            yield f"{column.name} is a reserved word"
