"""How often a step that reads lists is tried: once more where it failed, never where somebody stopped it."""

import sys

import dagster as dg
from dagster import DagsterExecutionInterruptedError

from rootly_assets.settings import EXECUTORS, executor_name, step_retry_delay


class UnlessStopped(dg.RetryPolicy):
    """A policy that leaves an interruption what it is; by any other, Dagster tries again what was stopped."""

    def calculate_delay(self, attempt_num: int) -> int | float:
        """Seconds until the next attempt, asked for while what ended the last one is being handled.

        Raises:
            KeyboardInterrupt: it was that, or Dagster's word for it.
        """
        ended_by = sys.exception()
        if isinstance(ended_by, KeyboardInterrupt | DagsterExecutionInterruptedError):
            raise ended_by
        return super().calculate_delay(attempt_num)


def retry_policy() -> dg.RetryPolicy:
    """The policy of the steps that read lists.

    In the run's own process an interruption is Ctrl-C, or Terminate in the UI. A process that the step has to
    itself may have been evicted.
    """
    is_runs_own = executor_name() == EXECUTORS[0]
    policy = UnlessStopped if is_runs_own else dg.RetryPolicy
    return policy(max_retries=1, delay=step_retry_delay(), jitter=dg.Jitter.PLUS_MINUS)
