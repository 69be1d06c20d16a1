"""`python -m benchmarks [NAME]`: measure, print, and write a section of RESULTS.md if asked to.

Without a name those are measured that take minutes. Those that take longer are asked for by name.
"""

import argparse
import importlib
import os
import shlex
import subprocess
import sys

from rich.console import Console

from benchmarks.report import RESULTS, print_section, write_section

USUAL = {
    "loaders": "benchmarks.comparison",
    "requests": "benchmarks.request_counts",
    "destinations": "benchmarks.destinations.command",
    "models": "benchmarks.models.command",
}
# What keeps one of them to minutes.
SIZES = {"models": ("--incidents", "50000", "--alerts", "250000")}
LONG = {
    "latency": "benchmarks.latency",
    "limiter": "benchmarks.limiter",
    "faults": "benchmarks.faults.command",
    "million": "benchmarks.million.command",
}


def main(arguments: list[str] | None = None) -> int:
    """Run a benchmark, or the usual ones; the process's exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    # A contender that may keep no bytecode compiles anew at each start what it imports.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if not given or given[0].startswith("--write"):
        # A process each: the memory of one would be inherited by those that the next one measures.
        commands = [
            [sys.executable, "-m", "benchmarks", name, *SIZES.get(name, ()), *given]
            for name in USUAL
        ]
        return max(subprocess.run(command, check=False).returncode for command in commands)
    modules = USUAL | LONG
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = parser.add_subparsers(dest="name", required=True)
    for name in modules:
        # Only what is asked for is imported: what measures has to stay small.
        added = names.add_parser(name)
        added.add_argument("--write", action="store_true", help=f"write into {RESULTS.name}")
        if name == given[0]:
            importlib.import_module(modules[name]).add_arguments(added)
    options = parser.parse_args(given)
    console = Console()

    def say(line: str) -> None:
        console.print(f"  · {line}", highlight=False)

    section = importlib.import_module(modules[options.name]).measure(options, say)
    print_section(console, section)
    if options.write:
        write_section(section, shlex.join(["python", "-m", "benchmarks", *given]))
        console.print(f"Written to {RESULTS.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
