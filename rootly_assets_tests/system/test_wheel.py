"""The wheel is all that a user needs: installed alone, it works outside of the repository."""

import json
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from rootly_assets.catalogue import wired
from rootly_assets_tests.system.command_line import environment

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).parents[2]

LOAD = """
from pathlib import Path
import rootly_assets
from rootly_assets.definitions import defs
from rootly_assets.settings import project_folder
print(Path(rootly_assets.__file__).parent)
print(project_folder())
print(len(defs().resolve_all_asset_specs()))
"""

TYPED = "from rootly_assets.installation import *; print(command('refresh')); print(adding('s3'))"


def uv(*arguments: str) -> None:
    """Run uv, the one that `make` installs, in the repository."""
    ours = REPOSITORY / ".uv" / "bin" / "uv"
    program = str(ours) if ours.exists() else shutil.which("uv")
    assert program, "uv is missing: run `make install`"
    done = subprocess.run(
        [program, *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    uv("build", "--wheel", "--quiet", "--out-dir", str(folder))
    (built,) = folder.glob("*.whl")
    return built


def test_it_holds_the_dbt_project_and_the_catalogue_and_nothing_that_was_made_by_running(
    wheel: Path,
) -> None:
    assert (REPOSITORY / "dbt_project" / "tests").exists()
    names = zipfile.ZipFile(wheel).namelist()
    assert "rootly_assets/dbt_project/dbt_project.yml" in names
    assert "rootly_assets/dbt_project/models/marts/fct_incidents.sql" in names
    assert "rootly_assets/catalogue/endpoints/incidents.json" in names
    assert "rootly_assets/dagster.yaml" in names
    assert "rootly_assets/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    foreign = ("/target/", "/logs/", "/.user.yml", "_tests/", ".duckdb", "__pycache__")
    assert not [name for name in names if any(part in f"/{name}" for part in foreign)]
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"rootly_assets"}


def test_installed_alone_it_loads_its_definitions(wheel: Path, tmp_path: Path) -> None:
    locked = tmp_path / "locked.txt"
    plain = ("--no-dev", "--no-hashes", "--no-emit-project", "--quiet")
    uv("export", "--frozen", *plain, "--output-file", str(locked))
    python = tmp_path / "venv" / "bin" / "python"
    uv("venv", "--quiet", str(tmp_path / "venv"))
    install = ("pip", "install", "--quiet", "--python", str(python))
    uv(*install, "--constraint", str(locked), str(wheel))
    variables = environment(tmp_path)
    del variables["PYTHONPATH"]

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [str(python), *arguments],
            cwd=tmp_path,
            env=variables,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    package, dbt_project, assets = run("-c", LOAD).splitlines()[-3:]
    assert Path(package).is_relative_to(tmp_path)
    assert Path(dbt_project) == Path(package) / "dbt_project"
    assert int(assets) > len(wired())
    assert run("-c", TYPED).splitlines() == [
        "rootly-assets refresh",
        "pip install 'rootly-assets[s3]'",
    ]
    shown = subprocess.run(
        [str(python.with_name("rootly-assets")), "--help"],
        env=variables,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "usage: rootly-assets" in shown.stdout
    listed = [
        json.loads(line)
        for line in run("-m", "rootly_assets.catalogue", "list", "--json").splitlines()
    ]
    assert {each["table"] for each in listed} >= {each.table for each in wired()}
