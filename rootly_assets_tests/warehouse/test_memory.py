"""Memory stays flat: three times the incidents need no more of it."""

import subprocess
import sys
from pathlib import Path

import pytest

from rootly_assets.catalogue import ColumnType, endpoint_of

# Loads twice: into an empty table, then with a tenth of the rows changed.
LOADING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from rootly_assets.catalogue import endpoint_of
from rootly_assets.sync.batch import Batch
from rootly_assets.sync.landing import LandingFile
from rootly_assets.sync.state import TableState
from rootly_assets.warehouse.duckdb import DuckDBWarehouse
folder, count, incidents = Path(sys.argv[1]), int(sys.argv[2]), endpoint_of("incidents")
template = (folder / "record.json").read_bytes()
warehouse = DuckDBWarehouse(database=str(folder / f"{count}.duckdb"))
warehouse.prepare([incidents])
for version in (1, 2):
    landing = LandingFile(folder / "landing.ndjson")
    for start in range(0, count, 100):
        landing.append(
            template % (i, version if i % 10 == 0 else 1, i) for i in range(start, start + 100)
        )
    landing.close()
    state = TableState(table_name="incidents", loaded_at=datetime(2026, 1, version, tzinfo=UTC))
    loaded = warehouse.load(
        Batch(endpoint=incidents, landing=landing, sees_all=True, state=state)
    )
    landing.remove()
    assert loaded.rows == count
    assert (loaded.new, loaded.changed) == ((count, 0) if version == 1 else (0, count // 10))
peak = next(
    line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")
)
print(int(peak.split()[1]) // 1024)
"""


def wide_incident() -> str:
    """JSON text of about 6.5 KB with every attribute, and three holes: id, title and sequence."""
    samples = {
        ColumnType.TEXT: '"A text of some words"',
        ColumnType.INTEGER: "7",
        ColumnType.NUMBER: "1.5",
        ColumnType.BOOLEAN: "true",
        ColumnType.TIMESTAMP: '"2026-03-01T12:30:15.123-07:00"',
        ColumnType.DATE: '"2026-03-01"',
        ColumnType.JSON: '[{"id":"1","attributes":{"name":"Payments","color":"#112233"}}]'
        + " " * 150,
    }
    columns = {**endpoint_of("incidents").columns}
    del columns["title"], columns["sequential_id"]
    attributes = ",".join(f'"{name}":{samples[kind]}' for name, kind in columns.items())
    return (
        '{"id":"%d","type":"incidents","attributes":{"title":"Version %d","sequential_id":%d,'
        + attributes
        + "}}"
    )


def megabytes(folder: Path, count: int) -> int:
    command = [sys.executable, "-c", LOADING, str(folder), str(count)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return int(result.stdout)


# Not getrusage: what it says of a child begins with what its parent had.
@pytest.mark.exhaustive
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs Linux's /proc")
def test_memory_does_not_grow_with_the_table(tmp_path: Path) -> None:
    record = wide_incident()
    assert 6_000 < len(record) < 12_000
    (tmp_path / "record.json").write_text(record)
    some, many = megabytes(tmp_path, 20_000), megabytes(tmp_path, 60_000)
    assert many < 500
    # The 40,000 more are 330 MB; what the allocator keeps differs by some ten megabytes from run to run.
    assert many - some < 150
