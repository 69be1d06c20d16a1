"""What a run may be asked for: times are understood as people mean them, and contradictions are refused."""

from datetime import UTC, datetime, timedelta, timezone

import dagster as dg
import pytest

from rootly_assets.assets.sync_config import SyncConfig
from rootly_assets.settings import LOOK_BACKS
from rootly_assets.sync.planning.options import SyncOptions


def test_a_day_is_meant_from_its_beginning_to_its_end() -> None:
    options = SyncConfig(since="2026-01-31", until="2026-01-31").options()
    assert options.since == datetime(2026, 1, 31, tzinfo=UTC)
    assert options.until == datetime(2026, 2, 1, tzinfo=UTC) - timedelta(microseconds=1)


def test_look_backs_are_as_the_environment_sets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = SyncOptions()
    for number, name in enumerate(LOOK_BACKS, start=2):
        monkeypatch.setenv(name, str(number))
    options = SyncConfig().options()
    for number, (field, unit, _) in enumerate(LOOK_BACKS.values(), start=2):
        assert getattr(options, field) == number * unit != getattr(usual, field)
    assert options.leading == usual.leading


def test_a_time_is_meant_to_the_second() -> None:
    options = SyncConfig(until="2026-01-31T09:00:00-08:00").options()
    assert options.until == datetime(2026, 1, 31, 9, tzinfo=timezone(timedelta(hours=-8)))
    midnight = SyncConfig(until="2026-01-31T00:00").options()
    assert midnight.until == datetime(2026, 1, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("config", "said"),
    [
        (SyncConfig(since="yesterday"), "since: 'yesterday' is not a valid time"),
        (SyncConfig(since="2026-02-01", until="2026-01-31"), "2026-02-01 comes after until"),
        (SyncConfig(full_refresh=True, since="2026-01-31"), "full_refresh reads everything"),
        (SyncConfig(full_refresh=True, until="2026-01-31"), "full_refresh reads everything"),
        (SyncConfig(sweep=True, since="2026-01-31"), "sweep looks for what is gone in all"),
        (SyncConfig(sweep=True, until="2026-01-31"), "sweep looks for what is gone in all"),
    ],
)
def test_what_can_t_be_meant_is_refused_with_a_sentence(config: SyncConfig, said: str) -> None:
    with pytest.raises(dg.Failure, match=said) as caught:
        config.options()
    assert not caught.value.allow_retries
