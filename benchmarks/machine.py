"""What the figures were taken on."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("dagster", "dlt", "duckdb", "msgspec", "requests", "pyarrow")


def described() -> list[tuple[str, str]]:
    """Facts about this machine and its software, each with its name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return [
        ("processor", f"{_processor()}, {os.cpu_count()} cores"),
        ("memory", f"{memory:.0f} GB"),
        ("system", f"{platform.system()} {platform.machine()}"),
        ("Python", platform.python_version()),
        *((package, version(package)) for package in PACKAGES),
    ]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())
