"""Who owns the assets: a team by default, whoever a setting names otherwise."""

from pathlib import Path

import dagster as dg
import pytest

from rootly_assets.errors import NotConfigured
from rootly_assets.settings import owners
from rootly_assets_tests.assets.conftest import configured


def test_a_team_owns_everything_by_default(specs: dict[str, dg.AssetSpec]) -> None:
    assert {tuple(spec.owners) for spec in specs.values()} == {("team:reliability",)}


def test_whoever_is_named_owns_everything(tmp_path: Path, manifest: Path) -> None:
    with configured(tmp_path, manifest) as patch:
        patch.setenv("ROOTLY_OWNERS", "sre@example.com, team:platform")
        from rootly_assets.definitions import defs

        specs = defs().resolve_all_asset_specs()
    assert len(specs) > 100
    assert {tuple(spec.owners) for spec in specs} == {("sre@example.com", "team:platform")}


@pytest.mark.parametrize(
    ("said", "named"),
    [("team:platform,team:platform,", ["team:platform"]), (" , ", ["team:reliability"])],
)
def test_who_is_named_twice_owns_once_and_nobody_is_no_owner(
    monkeypatch: pytest.MonkeyPatch, said: str, named: list[str]
) -> None:
    monkeypatch.setenv("ROOTLY_OWNERS", said)
    assert owners() == named


@pytest.mark.parametrize("wrong", ["platform", "sre@example", "team:", "Ann <ann@example.com>"])
def test_who_is_neither_a_team_nor_an_address_is_told(
    monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    said = f"team:platform,{wrong}"
    monkeypatch.setenv("ROOTLY_OWNERS", said)
    with pytest.raises(NotConfigured) as told:
        owners()
    assert str(told.value) == (
        f"ROOTLY_OWNERS is {said!r}, but should be e-mail addresses and teams, with commas between them, "
        f"like sre@example.com,team:reliability: {wrong!r} is neither."
    )
