"""The sensor `rootly_pulse`: asks Rootly every minute whether anything changed, and only then starts a sync."""

from collections.abc import Iterator
from datetime import datetime

import dagster as dg
import msgspec

from rootly_assets.api import Forbidden, RootlyClient, RootlyError, RootlyResource
from rootly_assets.assets.specs import asset_key
from rootly_assets.catalogue import Endpoint, endpoint_of
from rootly_assets.errors import NotConfigured
from rootly_assets.jobs import MODELS, lists_of
from rootly_assets.sensors.changes import Finding, Mark, follow, look_at
from rootly_assets.sensors.in_flight import run_in_flight
from rootly_assets.settings import pulse_gap, pulse_interval
from rootly_assets.sync.errors import LoadError
from rootly_assets.warehouse.interface import Warehouse

# The lists that can be asked what changed, and whether they take `sort=-updated_at`.
FOLLOWED = {"incidents": True, "alerts": False}

# A tick has a minute in all and another one follows: it had better give up early than wait.
IMPATIENT = {
    "page_size": 1,
    "retries": 0,
    "connect_timeout": 5.0,
    "read_timeout": 20.0,
    "rate_limit_patience": 0.0,
}

Marks = dict[str, Mark]
_marks = msgspec.json.Decoder(Marks)


class NotYetRead(Exception):  # noqa: N818 - says what is the case
    """A table has no watermark that changes could be counted from."""


def brought_up_to_date(*tables: str) -> dg.AssetSelection:
    """What a change of these lists makes stale: all lists of their domains, and the models downstream."""
    raw = lists_of(*{endpoint_of(table).domain for table in tables})
    return raw | (raw.downstream() & MODELS)


@dg.sensor(
    name="rootly_pulse",
    asset_selection=brought_up_to_date(*FOLLOWED),
    minimum_interval_seconds=pulse_interval(),
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="Asks with one request a list whether incidents or alerts changed since they were last read, "
    "and only then reads their domain and builds the models downstream: fresh to the minute for few requests.",
)
def rootly_pulse(
    context: dg.SensorEvaluationContext,
    rootly: RootlyResource,
    warehouse: dg.ResourceParam[Warehouse],
) -> dg.SensorResult:
    """One tick: a run for everything that changed, or the reason why there is none."""
    marks = _remembered(context.cursor)
    changed: dict[str, str] = {}
    said: list[str] = []
    try:
        client = rootly.model_copy(update=IMPATIENT).client()
        for table, finding in _findings(context, client, warehouse, marks, said):
            marks[table] = finding.mark
            said.append(finding.said)
            if finding.run_key is not None:
                changed[table] = finding.run_key
    except (NotConfigured, RootlyError, LoadError) as error:
        # What holds for one list holds for the others: no token, no network, no file.
        said.append(str(error))
    cursor = msgspec.json.encode(marks).decode()
    if not changed:
        return dg.SensorResult(skip_reason=" ".join(said), cursor=cursor)
    context.log.info(" ".join(said))
    assert context.repository_def is not None, "sensors are evaluated in a code location"
    graph = context.repository_def.asset_graph
    request = dg.RunRequest(
        run_key="; ".join(changed.values()),
        asset_selection=sorted(brought_up_to_date(*changed).resolve(graph)),
        tags={"rootly/pulse": "-".join(changed)},
    )
    return dg.SensorResult(run_requests=[request], cursor=cursor)


def _findings(
    context: dg.SensorEvaluationContext,
    client: RootlyClient,
    warehouse: Warehouse,
    marks: Marks,
    said: list[str],
) -> Iterator[tuple[str, Finding]]:
    """What each list shows; where a list can't be asked now, why is added to `said`."""
    assert context.repository_def is not None, "sensors are evaluated in a code location"
    for table, sort in FOLLOWED.items():
        endpoint = endpoint_of(table)
        run = run_in_flight(context.instance, context.repository_def, asset_key(endpoint))
        if run is not None:
            # It began to read before what changes now, which is found once it is over.
            said.append(f"Run {run.run_id[:8]} is reading the {table}: no second one is started.")
            continue
        try:
            yield table, _finding(endpoint, client, warehouse, marks.get(table), sort=sort)
        except (Forbidden, NotYetRead) as error:
            said.append(str(error))


def _finding(
    endpoint: Endpoint,
    client: RootlyClient,
    warehouse: Warehouse,
    mark: Mark | None,
    *,
    sort: bool,
) -> Finding:
    return follow(
        endpoint.table,
        mark,
        look=lambda since: look_at(client, endpoint, since, sort=sort),
        watermark=lambda: _watermark(warehouse, endpoint.table),
        gap=pulse_gap(),
    )


def _watermark(warehouse: Warehouse, table: str) -> datetime:
    """Until when a table has been read, by the server's clock.

    Raises:
        LoadError: where the warehouse is locked or can't be opened.
        NotYetRead: where the table has never been read to the end.
    """
    # Not waiting for a lock: the next tick comes soon enough.
    state = warehouse.states_at_once().get(table)
    if state is None or state.watermark is None:
        raise NotYetRead(
            f"The {table} have never been read: run rootly_refresh once, and changes are followed from there."
        )
    return state.watermark


def _remembered(cursor: str | None) -> Marks:
    """The marks of the last tick; none where somebody wrote something else into the cursor."""
    try:
        return _marks.decode(cursor) if cursor else {}
    except msgspec.DecodeError:
        return {}
