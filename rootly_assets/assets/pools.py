"""Pools: which steps never run side by side. `dagster.yaml` lets one step at a time into each."""

from rootly_assets.settings import ONE_PROCESS, destination


def pool(step: str) -> str:
    """The pool of a step.

    Where one process at a time may write, all steps share one. Elsewhere each has its own, so that only the
    same step of another run waits: two readings of one list at once would mark each other's new rows as gone.
    """
    return destination() if destination() in ONE_PROCESS else step
