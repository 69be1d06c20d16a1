"""Rows and watermark are one transaction in the DuckDB file: a load that is broken off has left nothing."""

import pytest

from rootly_assets.warehouse import duckdb as module
from rootly_assets_tests.warehouse.table import Table, thing


@pytest.mark.parametrize("moment", ["merge", "write_state"])
def test_a_load_that_is_broken_off_leaves_what_was_there_and_may_be_repeated(
    things: Table, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    things.load([thing("1", name="a"), thing("2")])
    rows, state, types = things.rows(), things.state(), things.types()
    done = getattr(module, moment)

    def broken_off(*arguments: object) -> None:
        done(*arguments)
        raise KeyboardInterrupt

    records = [thing("1", name="b", surprise=1), thing("3")]
    with monkeypatch.context() as patch:
        patch.setattr(module, moment, broken_off)
        with pytest.raises(KeyboardInterrupt):
            things.load(records)
    assert (things.rows(), things.state(), things.types()) == (rows, state, types)
    loaded = things.load(records)
    assert (loaded.rows, loaded.new, loaded.changed, loaded.vanished) == (2, 1, 1, 1)
