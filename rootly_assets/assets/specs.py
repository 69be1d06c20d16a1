"""One Dagster asset specification for each list: key, description, columns, tags, freshness."""

from datetime import timedelta

import dagster as dg

from rootly_assets.catalogue import Endpoint
from rootly_assets.settings import destination, owners
from rootly_assets.sync.shaping.columns import (
    DELETED_AT,
    RELATIONSHIPS,
    RESCUED,
    SYNCED_AT,
    table_columns,
)

# What the jobs choose by: other assets of a code location may be in groups of the same names.
PART = "rootly/part"
RAW = "raw"
BUILT = "built"

# Hourly runs may be late or fail once; a table that was not read for a day is stale for sure.
FRESHNESS = dg.FreshnessPolicy.time_window(
    warn_window=timedelta(hours=3), fail_window=timedelta(hours=26)
)

OUR_COLUMNS = {
    "id": "Rootly's id of the record: the primary key.",
    RELATIONSHIPS: "Linked records, as the API gives them (JSON:API linkage).",
    RESCUED: "Values that did not fit their column's type, by column; null almost always.",
    SYNCED_AT: "When this version of the row was read.",
    DELETED_AT: "When the row was found to be no longer listed; null while it is.",
}


def asset_key(endpoint: Endpoint) -> dg.AssetKey:
    """`rootly/<table>`."""
    return dg.AssetKey(endpoint.asset_key)


def asset_spec(endpoint: Endpoint) -> dg.AssetSpec:
    """The asset that a list becomes."""
    parent = endpoint.parent
    return dg.AssetSpec(
        key=asset_key(endpoint),
        deps=[dg.AssetKey(["rootly", parent.table])] if parent and parent.table else [],
        description=endpoint.description,
        group_name=endpoint.domain,
        kinds={"python", destination()},
        owners=owners(),
        tags={PART: RAW, "rootly/strategy": endpoint.strategy.value},
        metadata={
            "dagster/column_schema": column_schema(endpoint),
            "dagster/table_name": f"rootly.{endpoint.table}",
            "rootly/endpoint": f"GET {endpoint.path}",
        },
        freshness_policy=FRESHNESS,
        # A list that fails gives no result, while others of its domain do.
        skippable=True,
    )


def state_spec() -> dg.AssetSpec:
    """The table in which every load leaves how far it has come; written together with the rows."""
    return dg.AssetSpec(
        key=dg.AssetKey(["rootly", "_rootly_sync"]),
        description="One row per raw table: watermark, cursor, and when it was last read. Every load of "
        "a table writes its row in the same transaction.",
        group_name="organization",
        kinds={destination()},
        owners=owners(),
        metadata={"dagster/table_name": "rootly._rootly_sync"},
    )


def column_schema(endpoint: Endpoint, undeclared: tuple[str, ...] = ()) -> dg.TableSchema:
    """The table's columns, those that the vendor added since the last catalogue included."""
    declared = [
        dg.TableColumn(
            name,
            kind.lower(),
            description=OUR_COLUMNS.get(name),
            constraints=dg.TableColumnConstraints(nullable=name != "id", unique=name == "id"),
        )
        for name, kind in table_columns(endpoint).items()
    ]
    added = [
        dg.TableColumn(name, "json", description="Not in the catalogue yet.") for name in undeclared
    ]
    return dg.TableSchema([*declared, *added])
