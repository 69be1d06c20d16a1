"""Columns of dbt models shown with the types that they have in the warehouse."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import dagster as dg

COLUMN_SCHEMA = "dagster/column_schema"

# dbt writes text without a limit as text of at most 256 characters; the warehouse knows no such limit.
ANY_TEXT = re.compile(r"character varying\(\d+\)")


def with_plain_types(events: Iterable[Any]) -> Iterator[Any]:
    """The events of a dbt build, the types in their column schemas as people write them."""
    for event in events:
        metadata = getattr(event, "metadata", {})
        shown = metadata.get(COLUMN_SCHEMA)
        # Results of checks have metadata too, but no columns.
        if isinstance(shown, dg.TableSchemaMetadataValue):
            yield event.with_metadata({**metadata, COLUMN_SCHEMA: _plain(shown.schema)})
        else:
            yield event


def _plain(schema: dg.TableSchema) -> dg.TableSchema:
    return dg.TableSchema(
        [
            dg.TableColumn(
                column.name,
                ANY_TEXT.sub("varchar", column.type.lower()),
                description=column.description,
                constraints=column.constraints,
                tags=column.tags,
            )
            for column in schema.columns
        ],
        constraints=schema.constraints,
    )
