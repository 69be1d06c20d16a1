"""How a command says why it does not begin."""

from rich.console import Console
from rich.markup import escape


def refused(console: Console, what: str, why: str) -> int:
    """Print it in one line; returns the exit status.

    Args:
        console: where to print.
        what: the command or job, as people call it.
        why: a sentence that says what to do.
    """
    console.print(f"[red]✗ {what}[/red]: {escape(why)}", highlight=False, soft_wrap=True)
    return 1
