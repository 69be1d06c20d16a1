"""Asset checks of raw tables: what each promises, and how an outcome keeps it."""

from collections.abc import Iterator

import dagster as dg

from rootly_assets.assets.specs import asset_key
from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.outcome import Outcome, Status

COMPLETE = "complete"
PRIMARY_KEY = "primary_key"
NOTHING_RESCUED = "nothing_rescued"
COLUMNS_DECLARED = "columns_declared"

DESCRIPTIONS = {
    COMPLETE: "The list was read to its proven end: as many rows as Rootly says there are.",
    PRIMARY_KEY: "`id` is unique and never null.",
    NOTHING_RESCUED: "Every value fits its column; one that does not is kept in `_rescued`.",
    COLUMNS_DECLARED: "Every attribute is in the catalogue; a new one became a JSON column.",
}


def check_specs(endpoint: Endpoint) -> Iterator[dg.AssetCheckSpec]:
    """The checks of one table."""
    for name, description in DESCRIPTIONS.items():
        yield dg.AssetCheckSpec(name, asset=asset_key(endpoint), description=description)


def check_results(outcome: Outcome) -> Iterator[dg.AssetCheckResult]:
    """What an outcome says about the checks; a list that was not loaded says only that."""
    match outcome.status:
        case Status.LOADED:
            yield from _of_loaded(outcome)
        case Status.NOT_PERMITTED:
            yield _result(outcome, COMPLETE, passed=True, description=f"Not read: {outcome.error}")
        case Status.FAILED:
            yield _result(
                outcome,
                COMPLETE,
                passed=False,
                description=f"{_left_by(outcome)} {outcome.error}",
            )


def _of_loaded(outcome: Outcome) -> Iterator[dg.AssetCheckResult]:
    loaded, reading = outcome.loaded, outcome.reading
    assert loaded is not None, "a loaded outcome says what was loaded"
    assert reading is not None, "a loaded outcome says what was read"
    counts: dict[str, int] = {"rows read": loaded.received}
    if reading.total_count is not None:
        counts["rows Rootly counts"] = reading.total_count
    if reading.in_all is not None:
        counts |= {"rows in the table": loaded.rows, "rows Rootly counts": reading.in_all}
    # The client stops with an error rather than with fewer rows, so a batch that is here is whole.
    # What came along without proof is another matter.
    doubt = outcome.doubt
    yield _result(
        outcome,
        COMPLETE,
        passed=doubt is None,
        warn=doubt is not None and outcome.is_read,
        description=doubt,
        metadata=counts,
    )
    yield _result(
        outcome,
        PRIMARY_KEY,
        passed=loaded.duplicate_ids == 0 and loaded.null_ids == 0,
        metadata={"duplicate ids": loaded.duplicate_ids, "null ids": loaded.null_ids},
    )
    yield _result(
        outcome,
        NOTHING_RESCUED,
        passed=loaded.rescued == 0,
        warn=True,
        metadata={"rows with rescued values": loaded.rescued},
    )
    yield _result(
        outcome,
        COLUMNS_DECLARED,
        # Of a few lists the document says nothing: all that they have is new, and no news.
        passed=not loaded.undeclared or not outcome.endpoint.columns,
        warn=True,
        metadata={"undeclared columns": ", ".join(loaded.undeclared) or "none"},
    )


def _left_by(failed: Outcome) -> str:
    """What a list that failed left in its table."""
    if failed.before == failed.after:
        return "Not read, the rows of before still stand."
    return "Not read to its end: what came until then was loaded, the other rows of before still stand."


def _result(
    outcome: Outcome,
    name: str,
    *,
    passed: bool,
    warn: bool = False,
    description: str | None = None,
    metadata: dict[str, int] | dict[str, str] | None = None,
) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        asset_key=asset_key(outcome.endpoint),
        check_name=name,
        passed=passed,
        severity=dg.AssetCheckSeverity.WARN if warn else dg.AssetCheckSeverity.ERROR,
        description=description,
        metadata=metadata,
    )
