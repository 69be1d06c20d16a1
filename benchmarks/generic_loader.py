"""Contenders: dlt's generic REST source into DuckDB or elsewhere, tuned by hand or as it comes.

Tuned: the largest page size, no child tables, merge on id, parquet between the steps. `columns`
lifts each record's attributes to the top, so that they become typed columns and what is nested in
them stays JSON: the tables that we make. `document` leaves them in one JSON column, which is
cheaper, and all still to be taken apart. `defaults` is without any of it.
"""

import argparse
import os
from pathlib import Path
from typing import Any

import dlt
from dlt.sources.rest_api import rest_api_source

from benchmarks.stopwatch import measured_block

# Destinations, and the file format that is fastest into each.
FORMATS: dict[str, Any] = {"duckdb": "parquet", "postgres": "csv", "parquet": "parquet"}


def main() -> None:
    """Load into `<folder>/warehouse.duckdb`, schema `rootly`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--token", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--tables", choices=("columns", "document", "defaults"), required=True)
    parser.add_argument("--destination", choices=tuple(FORMATS), default="duckdb")
    options = parser.parse_args()
    with measured_block(options.folder):
        source = rest_api_source(config(options.url, options.token, options.tables))
        pipeline = dlt.pipeline(
            "bench",
            destination=destination(options.destination, options.folder),
            dataset_name="rootly",
            pipelines_dir=str(options.folder / "dlt"),
        )
        if options.tables == "defaults":
            pipeline.run(source)
        else:
            source.max_table_nesting = 0
            pipeline.run(source, loader_file_format=FORMATS[options.destination])


def destination(name: str, folder: Path) -> Any:
    """Where dlt loads; of PostgreSQL, the database that our own settings name."""
    if name == "duckdb":
        return dlt.destinations.duckdb(str(folder / "warehouse.duckdb"))
    if name == "parquet":
        return dlt.destinations.filesystem(os.environ["ROOTLY_BUCKET_URL"])
    setting = "ROOTLY_POSTGRES_"
    return dlt.destinations.postgres(
        {
            "host": os.environ[f"{setting}HOST"],
            "port": int(os.environ[f"{setting}PORT"]),
            "database": os.environ[f"{setting}DATABASE"],
            "username": os.environ[f"{setting}USER"],
            "password": os.environ[f"{setting}PASSWORD"],
        }
    )


def config(url: str, token: str, tables: str) -> Any:
    """The REST source's configuration: both lists, by their `next` links, merged on id."""
    resources = [
        {"name": name, "endpoint": {"path": name}}
        | ({"processing_steps": [{"map": lifted}]} if tables == "columns" else {})
        for name in ("incidents", "alerts")
    ]
    return {
        "client": {
            "base_url": f"{url}/v1/",
            "auth": {"type": "bearer", "token": token},
            "paginator": {"type": "json_link", "next_url_path": "links.next"},
        },
        "resource_defaults": {
            "primary_key": "id",
            "write_disposition": "merge",
            "endpoint": {
                "data_selector": "data",
                "params": {} if tables == "defaults" else {"page[size]": 100},
            },
        },
        "resources": resources,
    }


def lifted(record: dict[str, Any]) -> dict[str, Any]:
    """The record with its attributes beside its id."""
    return {"id": record["id"], **record["attributes"]}


if __name__ == "__main__":
    main()
