"""What a step that reads lists says: of each list, of long ones while they are read, and in the end."""

import time

import dagster as dg

from rootly_assets.assets import materializations
from rootly_assets.assets.materializations import counted
from rootly_assets.assets.specs import asset_key
from rootly_assets.installation import python
from rootly_assets.sync.errors import UnexpectedError
from rootly_assets.sync.outcome import Outcome, Progress, Status


class StepLog:
    """Tells of one step, and adds up what it did.

    Args:
        context: of the step.
        redaction: names the rules by which its client redacts.
    """

    def __init__(self, context: dg.AssetExecutionContext, redaction: str) -> None:
        self._context = context
        self._redaction = redaction
        self._name = context.op_def.name.removeprefix("rootly_").replace("_", " ")
        self._began = time.monotonic()
        self._lists = self._rows = self._new = self._changed = self._vanished = self._requests = 0
        # Tables by what was said of their doubts: one record may be the reason of a dozen, which is said once.
        self._doubts: dict[str, str] = {}
        self._redacted_otherwise: list[str] = []

    def progress(self, told: Progress) -> None:
        """Show on the asset's page, while the run goes on, how far back a long list has come."""
        self._context.log.info(materializations.progress_sentence(told))
        self._context.log_event(
            dg.AssetObservation(
                asset_key=asset_key(told.endpoint), metadata=materializations.progress(told)
            )
        )

    def outcome(self, outcome: Outcome) -> None:
        """Say what became of a list."""
        line = materializations.sentence(outcome)
        match outcome.status:
            case Status.LOADED:
                self._context.log.debug(line)
                self._loaded(outcome)
            case Status.NOT_PERMITTED:
                self._context.log.warning(line)
            case Status.FAILED:
                # The trace of a fault of ours belongs into the log; of a known error the sentence says it all.
                is_ours = isinstance(outcome.error, UnexpectedError)
                self._context.log.error(line, exc_info=outcome.error if is_ours else None)

    def end(self) -> None:
        """Say what all lists took together, and what holds for more than one."""
        self._context.log.info(self._sum())
        if self._redacted_otherwise:
            tables = sorted(self._redacted_otherwise)
            self._context.log.warning(
                f"Rows of {', '.join(tables)} were read under other rules of what to hide than those of now, "
                "or under rules that are not known, and keep what these left in them. This reads them anew: "
                + python(f"rootly_assets sync --full-refresh {' '.join(tables)}")
            )

    def _loaded(self, outcome: Outcome) -> None:
        table = outcome.endpoint.table
        if outcome.doubt:
            first = self._doubts.setdefault(outcome.doubt.replace(table, "these"), table)
            said = outcome.doubt if first == table else f"in doubt for the same reason as {first}."
            self._context.log.warning(f"{table}: {said}")
        # Links hold nothing to hide.
        if outcome.endpoint.links_to is None and outcome.after.redaction != self._redaction:
            self._redacted_otherwise.append(table)
        if outcome.loaded is None or outcome.reading is None:
            return
        self._lists += 1
        self._rows += outcome.loaded.rows
        self._new += outcome.loaded.new
        self._changed += outcome.loaded.changed
        self._vanished += outcome.loaded.vanished
        self._requests += outcome.reading.usage.requests

    def _sum(self) -> str:
        """`incidents: 15 lists, 1,140 rows (12 new, …), 26 requests, 1.2 s`."""
        seconds = time.monotonic() - self._began
        return (
            f"{self._name}: {counted(self._lists, 'list')}, {counted(self._rows, 'row')} "
            f"({self._new:,} new, {self._changed:,} changed, {self._vanished:,} vanished), "
            f"{counted(self._requests, 'request')}, {seconds:.1f} s"
        )
