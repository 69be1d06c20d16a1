"""What was extracted, as batches that can be committed."""

from collections.abc import Callable, Container, Iterator

from rootly_assets.api import Usage
from rootly_assets.catalogue import Endpoint
from rootly_assets.sync.batch import Batch
from rootly_assets.sync.part import Reading
from rootly_assets.sync.planning.groups import Group
from rootly_assets.sync.reading.extract import Extract
from rootly_assets.sync.state import TableState


def batches_of(
    group: Group,
    extract: Extract,
    failed: Container[str],
    state_after: Callable[[Endpoint], TableState],
    *,
    usage: Usage,
    seconds: float,
    only_marks: bool,
    is_new: bool,
    is_counted: bool,
) -> Iterator[tuple[Batch, Reading]]:
    """One batch for each table, with what reading it took.

    Args:
        group: the lists that were read together.
        extract: of all pages, each of them read.
        failed: tables of which not all that was in doubt could be read.
        state_after: a table's state once its rows are committed.
        usage: what it has cost.
        seconds: how long it took.
        only_marks: whether the records came alone; without includes they don't say what they are linked to.
        is_new: whether they are of a span of creation that nobody has read before.
        is_counted: whether the table is to have as many rows as the list has in all.
    """
    planned, carrier = extract.planned, group.carrier
    members = [
        each
        for each in group.members
        if each.table in extract.landings and each.table not in failed
    ]
    # Only the latest changes are certain to be there, in whatever order the others came.
    relies_on_count = planned.reads_latest and not planned.sees_all
    own = (each for each in members if each.table == carrier.table)
    counted = next(own, members[0] if members else None)
    for endpoint in members:
        comes_along = endpoint.table != carrier.table
        doubtful = extract.doubtful(endpoint)
        sees_all = planned.sees_all and not doubtful
        proven = (each for each in extract.linkage.parents if each not in doubtful)
        of_parents = tuple(proven) if comes_along else planned.parents
        batch = Batch(
            endpoint=endpoint,
            landing=extract.landings[endpoint.table],
            sees_all=sees_all,
            window=None if comes_along else planned.window,
            parents=None if sees_all else of_parents,
            only_marks=only_marks,
            is_new=is_new,
            state=state_after(endpoint),
        )
        reading = Reading(
            why=f"with {carrier.table}, {planned.why}"
            if comes_along
            else planned.why + extract.note,
            # Counted once: where the carrier is not loaded, by the first that came along.
            usage=usage if endpoint is counted else Usage(),
            seconds=seconds,
            total_count=None if comes_along or relies_on_count else extract.total_count,
            in_all=extract.total_count if relies_on_count and is_counted else None,
            doubtful=doubtful,
        )
        yield batch, reading
