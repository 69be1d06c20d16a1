"""The values that dbt warns by are those that the vendor's document lists, for every such column of staging."""

import csv
import re
from collections import defaultdict

from rootly_assets.catalogue import readable
from rootly_assets_tests.dbt.commands import PROJECT


def test_the_seed_has_every_enumeration_that_staging_shows() -> None:
    seeded: dict[tuple[str, str], set[str]] = defaultdict(set)
    with (PROJECT / "seeds" / "rootly_documented_values.csv").open() as file:
        for row in csv.DictReader(file):
            seeded[row["model_name"], row["column_name"]].add(row["documented_value"])

    listed: dict[tuple[str, str], set[str]] = {}
    values = {each.table: each.values for each in readable()}
    for path in PROJECT.glob("models/staging/**/stg_rootly__*.sql"):
        sql = path.read_text()
        source = re.search(r"source\('rootly', '(\w+)'\)", sql)
        assert source, path.name
        for column, words in values.get(source[1], {}).items():
            if shown := re.search(rf"^ +{column}(?: as (\w+))?,?$", sql, re.MULTILINE):
                listed[path.stem, shown[1] or column] = set(words)

    assert len(listed) > 15
    assert seeded == listed


def test_the_test_looks_at_every_column_of_the_seed() -> None:
    sql = (PROJECT / "tests" / "every_value_is_documented.sql").read_text()
    looked_at = {
        (model, column)
        for model, columns in re.findall(r"'(stg_\w+)': \[(.*?)\]", sql)
        for column in re.findall(r"'(\w+)'", columns)
    }
    with (PROJECT / "seeds" / "rootly_documented_values.csv").open() as file:
        seeded = {(row["model_name"], row["column_name"]) for row in csv.DictReader(file)}
    assert looked_at == seeded
