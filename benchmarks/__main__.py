"""`python -m benchmarks`: measure, print the ratios, and write them down if asked to."""

import argparse
import shlex
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from benchmarks import contenders
from benchmarks.bench import Results, bench
from benchmarks.report import EXPLANATION, print_results, write_results


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; the process's exit status."""
    options = _parser().parse_args(arguments)
    console = Console()
    chosen = [each for each in contenders.ALL if each.name in options.contenders.split(",")]
    results: list[Results] = []
    with tempfile.TemporaryDirectory(prefix="rootly-assets-bench-") as folder:
        results.append(
            bench(
                Path(folder),
                incidents=options.incidents,
                alerts=options.alerts,
                runs=options.runs,
                chosen=chosen,
                say=lambda line: console.print(f"  · {line}", highlight=False),
            )
        )
        print_results(console, results[-1])
        if options.tenfold:
            results.append(
                bench(
                    Path(folder),
                    incidents=10 * options.incidents,
                    alerts=10 * options.alerts,
                    runs=1,
                    chosen=[each for each in chosen if each.layout == "ours"],
                    warm_up=False,
                    say=lambda line: console.print(f"  · {line}", highlight=False),
                )
            )
            print_results(console, results[-1])
    console.print(EXPLANATION, style="dim")
    if options.write:
        path = write_results(results, _command(arguments))
        console.print(f"Written to {path.name}")
    return 0


def _command(arguments: list[str] | None) -> str:
    return shlex.join(["python", "-m", "benchmarks", *(arguments or sys.argv[1:])])


def _parser() -> argparse.ArgumentParser:
    names = ",".join(each.name for each in contenders.ALL)
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--incidents", type=int, default=20_000, help="how many are served")
    parser.add_argument("--alerts", type=int, default=50_000, help="how many are served")
    parser.add_argument("--runs", type=int, default=3, help="of each contender; medians count")
    parser.add_argument("--contenders", default=names, help=f"who runs, of {names}")
    parser.add_argument(
        "--tenfold", action="store_true", help="our own again at ten times the size, for memory"
    )
    parser.add_argument("--write", action="store_true", help="write benchmarks/RESULTS.md")
    return parser


if __name__ == "__main__":
    sys.exit(main())
