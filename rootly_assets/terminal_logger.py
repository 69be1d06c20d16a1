"""A quiet log for runs that somebody watches in a terminal: our own lines, on standard error."""

import logging
import sys
from typing import Any

import dagster as dg

NAME = "terminal"

# What Dagster says by itself among the lines of a step's own code.
DAGSTERS_OWN = (
    "did not yield or return expected outputs",
    "A dbt subsetted execution",
    "dbt command: `",
    "Dependencies for step",
)


class _Terminal(logging.Handler):
    """Prints what the project's own code says; Dagster's bookkeeping stays in the event log."""

    def emit(self, record: logging.LogRecord) -> None:
        meta: dict[str, Any] = getattr(record, "dagster_meta", {})
        if meta.get("dagster_event") is not None:
            return
        marks = {logging.WARNING: "!", logging.ERROR: "✗"}
        message = str(meta.get("orig_message", record.getMessage()))
        if any(each in message for each in DAGSTERS_OWN):
            return
        sys.stderr.write(f"  {marks.get(record.levelno, '·')} {message}\n")


def _terminal(_context: dg.InitLoggerContext) -> logging.Logger:
    logger = logging.Logger("rootly_assets.terminal", level=logging.INFO)
    logger.addHandler(_Terminal())
    return logger


# The logger that `make sync` and its like select by run config.
terminal_logger = dg.LoggerDefinition(_terminal, description="Short lines for a terminal.")
