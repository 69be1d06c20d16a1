"""Commits the parts of a group as they come, and keeps the score for each of its tables."""

from collections.abc import Callable, Iterator, Mapping

import msgspec

from rootly_assets.api import Forbidden, RootlyError, Unauthorized
from rootly_assets.catalogue import Endpoint
from rootly_assets.errors import NotConfigured
from rootly_assets.sync.batch import Batch, Loaded, Placed
from rootly_assets.sync.errors import LoadError, SyncError, UnexpectedError
from rootly_assets.sync.loader import Loader
from rootly_assets.sync.outcome import Outcome, Progress, Status
from rootly_assets.sync.part import Part, Reading
from rootly_assets.sync.planning.groups import Group
from rootly_assets.sync.reading.refused_includes import REFUSALS
from rootly_assets.sync.state import TableState


class _Table(msgspec.Struct, kw_only=True):
    """One table's score."""

    endpoint: Endpoint
    before: TableState
    after: TableState
    loaded: Loaded | None = None
    reading: Reading | None = None
    error: Exception | None = None
    left: Exception | None = None  # why it did not come along, and is read by its own path


class GroupProgress:
    """One group in one run.

    Args:
        group: the lists.
        states: how far each table has been read before.
        loader: where they are loaded.
        on_progress: hears of every part of a long list that was committed before the last.

    Attributes:
        group: the lists.
    """

    def __init__(
        self,
        group: Group,
        states: Mapping[str, TableState],
        loader: Loader,
        on_progress: Callable[[Progress], None],
    ) -> None:
        self.group = group
        self._loader = loader
        self._on_progress = on_progress
        self._tables: dict[str, _Table] = {}
        self._absent: list[Placed] = []
        self._is_miscounted = False
        for endpoint in group.members:
            state = states.get(endpoint.table, TableState(table_name=endpoint.table))
            self._tables[endpoint.table] = _Table(endpoint=endpoint, before=state, after=state)

    def commit(self, part: Part) -> None:
        """Load what a part brings; a table that fails is not loaded any further, the others are."""
        for name, why in part.left.items():
            self._tables[name].left = why
        for name, error in part.failed.items():
            self._tables[name].error = self._tables[name].error or error
        for batch, reading in part.batches:
            table = self._tables[batch.endpoint.table]
            if table.error is None:
                try:
                    self._load_part(table, part, batch, reading)
                except Exception as error:
                    table.error = error
            if table.error is not None:
                if part.together:
                    return
                continue
            if part.back_to is not None and table.loaded is not None:
                self._on_progress(
                    Progress(
                        endpoint=table.endpoint,
                        back_to=part.back_to,
                        rows=table.loaded.rows,
                        is_new=part.is_new,
                    )
                )

    def end(self, error: BaseException | None) -> None:
        """Note how reading ended: None where everything was read.

        Raises:
            Unauthorized: where the token is wrong, which no list survives.
            BaseException: what is no error of a list's.
        """
        if error is not None and (
            isinstance(error, Unauthorized) or not isinstance(error, Exception)
        ):
            raise error
        for table in self._tables.values():
            table.error = table.error or error

    def take_absent(self) -> list[Placed]:
        """When records were created that showed themselves, but are not in the table so; by part, told once."""
        absent, self._absent = self._absent, []
        return absent

    def take_miscounted(self) -> bool:
        """Whether a table has all changes of its list, but another number of rows; told once."""
        miscounted, self._is_miscounted = self._is_miscounted, False
        return miscounted

    def outcomes(self) -> Iterator[Outcome]:
        """What became of each table that is not to be read alone."""
        alone = {endpoint.table for endpoint in self.to_read_alone()}
        for name, table in self._tables.items():
            if name not in alone:
                yield _outcome(table)

    def to_read_alone(self) -> list[Endpoint]:
        """The lists that did not come along after all, and have a path of their own."""
        return [
            table.endpoint
            for table in self._tables.values()
            if table.left is not None and table.error is None and table.endpoint.has_own_path
        ]

    def _load_part(self, table: _Table, part: Part, batch: Batch, reading: Reading) -> None:
        if part.of_those_gone:
            # Of the records that are gone: in this run, or in one that broke off.
            gone = self._loader.orphaned(batch.endpoint)
            if not gone:
                return
            batch = msgspec.structs.replace(batch, parents=gone)
        self._load(table, batch, reading)

    def _load(self, table: _Table, batch: Batch, reading: Reading) -> None:
        loaded = self._loader.load(batch)
        batch.landing.remove()
        if loaded.absent:
            self._absent.append(loaded.absent)
        if reading.in_all is not None and loaded.rows != reading.in_all:
            self._is_miscounted = True
        if table.loaded is not None and table.reading is not None:
            # What is read since the latest changes did not account for all rows has these among them.
            before = 0 if table.reading.in_all is not None else table.loaded.received
            loaded = msgspec.structs.replace(table.loaded, received=before).followed_by(loaded)
        table.loaded = loaded
        table.reading = reading if table.reading is None else table.reading.followed_by(reading)
        table.after = batch.state


def _outcome(table: _Table) -> Outcome:
    error = table.error
    if error is None and isinstance(table.left, REFUSALS):
        status = Status.NOT_PERMITTED
        error = SyncError(f"Rootly does not give these rows to this key: {table.left}")
    elif table.left is not None and error is None:
        status, error = Status.FAILED, table.left
    elif isinstance(error, Forbidden):
        status = Status.NOT_PERMITTED
    elif error is not None:
        status = Status.FAILED
        if not isinstance(error, NotConfigured | RootlyError | SyncError | LoadError):
            unexpected = UnexpectedError(error)
            unexpected.__cause__ = error
            error = unexpected
    else:
        status = Status.LOADED
    is_loaded = status is Status.LOADED
    return Outcome(
        endpoint=table.endpoint,
        status=status,
        before=table.before,
        after=table.after,
        reading=table.reading if is_loaded else None,
        loaded=table.loaded if is_loaded else None,
        error=error,
    )
