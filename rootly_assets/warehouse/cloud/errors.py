"""Errors of a cloud warehouse, and of dlt on the way there, in sentences that say what to do."""

from collections.abc import Generator
from contextlib import contextmanager

from rootly_assets.warehouse.cloud.dialect import Dialect
from rootly_assets.warehouse.errors import WarehouseError


@contextmanager
def told(dialect: Dialect, place: str, *, connecting: bool = False) -> Generator[None]:
    """Errors of the block's as a sentence.

    Args:
        dialect: which warehouse it is.
        place: where it is, for people.
        connecting: whether the block only tries to get in.

    Raises:
        WarehouseError: in place of whatever dlt or the warehouse's client raise.
    """
    from dlt.common.configuration.exceptions import ConfigurationException
    from dlt.common.destination.exceptions import DestinationException
    from dlt.destinations.exceptions import DatabaseException
    from dlt.pipeline.exceptions import PipelineStepFailed

    known = (ConfigurationException, DestinationException, DatabaseException, PipelineStepFailed)
    try:
        yield
    except WarehouseError:
        raise
    except Exception as error:
        if connecting:  # clients have many ways to say so
            raise WarehouseError(unreachable(dialect, place, error)) from error
        if isinstance(error, known):
            raise WarehouseError(f"{dialect.title} at {place} refused: {_reason(error)}") from error
        raise


def unreachable(dialect: Dialect, place: str, error: BaseException) -> str:
    """That nobody gets in, why, and what to look at.

    Args:
        dialect: which warehouse it is.
        place: where it is, for people.
        error: what was raised.
    """
    reason = _reason(error).rstrip(" .?!")
    return f"{dialect.title} at {place} can't be reached: {reason}. Check {', '.join(dialect.variables)}."


def _reason(error: BaseException) -> str:
    """The first line of what went wrong at the very beginning: the rest may quote what is in the rows."""
    seen: BaseException = error
    while (
        cause := seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    ) is not None:
        seen = cause
    lines = [line.strip() for line in str(seen).splitlines() if line.strip()]
    return " ".join(lines[:2]) if lines else type(seen).__name__
