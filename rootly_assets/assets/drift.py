"""The catalogue as an asset, with a check that says whether Rootly's published document has moved on."""

from collections.abc import Iterator

import dagster as dg

from rootly_assets.catalogue import catalogue
from rootly_assets.catalogue.drift import Drift, compare
from rootly_assets.catalogue.published import published
from rootly_assets.installation import python
from rootly_assets.settings import lists, openapi_url, owners

Metadata = dict[str, str | int | dg.TableMetadataValue]

KEY = dg.AssetKey(["rootly", "_catalogue"])
GROUP = "catalogue"

# Beyond this many a table is no longer read; the command prints them all.
MOST_CHANGES = 200


def catalogue_spec() -> dg.AssetSpec:
    """What this project knows of Rootly's API; comes with the package, so that nothing materializes it."""
    return dg.AssetSpec(
        key=KEY,
        description="Every list of Rootly's API as this project knows it: paths, columns, types. It comes with "
        f"the package; `{python('rootly_assets.catalogue refresh')}` renews it.",
        group_name=GROUP,
        owners=owners(),
        metadata={
            "lists": len(catalogue()),
            "tables": len(lists()),
            "columns": sum(len(each.columns) for each in lists()),
        },
    )


@dg.asset_check(
    asset=KEY,
    name="catalogue_is_current",
    description="Rootly's published document says what the catalogue says: no new, gone or changed lists, "
    "columns, types, values, includes, filters. Until it is refreshed nothing is lost: new attributes arrive "
    "as JSON columns, but new lists are not read.",
)
def catalogue_is_current(context: dg.AssetCheckExecutionContext) -> dg.AssetCheckResult:
    """Compare the catalogue with the document that the vendor publishes; a warning where it differs."""
    source = openapi_url()
    try:
        drift = compare(catalogue(), published(source))
    except ValueError as error:
        context.log.warning(str(error))
        return _warning(False, f"Not compared. {error}", {"document": source})
    metadata: Metadata = {"document": source, "lists": len(catalogue())}
    if drift.is_current:
        return _warning(True, drift.summary(), metadata)
    context.log.warning(drift.summary())
    metadata["what differs"] = _table(drift)
    metadata["to take it over"] = python(f"rootly_assets.catalogue refresh {source}")
    return _warning(False, drift.summary(), metadata)


def _warning(passed: bool, description: str, metadata: Metadata) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=passed,
        severity=dg.AssetCheckSeverity.WARN,
        description=description,
        metadata=metadata,
    )


def _table(drift: Drift) -> dg.TableMetadataValue:
    records = list(_records(drift))
    left_out = len(records) - MOST_CHANGES
    if left_out > 0:
        more = {"list": "…", "table": "", "kind": "", "change": f"and {left_out} more changes"}
        records = [*records[:MOST_CHANGES], dg.TableRecord(more)]
    columns = [dg.TableColumn(name) for name in ("list", "table", "kind", "change")]
    return dg.MetadataValue.table(records, schema=dg.TableSchema(columns))


def _records(drift: Drift) -> Iterator[dg.TableRecord]:
    for each in drift.lists:
        for change in each.changes:
            yield dg.TableRecord(
                {
                    "list": each.path,
                    "table": each.table,
                    "kind": change.kind.value,
                    "change": change.sentence(),
                }
            )
