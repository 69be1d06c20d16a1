"""Landing files: one record a line, gone after a crash, and a clear word where the disk won't have them."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from rootly_assets.sync.errors import SyncError
from rootly_assets.sync.landing import LOCK, UNBORN, LandingArea, LandingFile
from rootly_assets_tests.sync.small_disk import small_disk, unprivileged

HOLDING = """
import sys
from pathlib import Path
from rootly_assets.sync.landing import LandingArea
with LandingArea(Path(sys.argv[1]), sys.argv[2]) as area:
    area.file("incidents").append([b"{}"])
    print("held", flush=True)
    sys.stdin.read()
"""


def holding(root: Path, name: str) -> subprocess.Popen[str]:
    """Another process with a step's folder open."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(root), name],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()


def test_a_record_printed_over_many_lines_becomes_one_line(tmp_path: Path) -> None:
    landing = LandingFile(tmp_path / "file")
    landing.append([b'{\r\n  "id": "1",\n  "text": "a\\nb"\n}', b'{"id":"2"}'])
    landing.append([])
    landing.append([b'{"id":"3"}'])
    landing.close()
    assert landing.path.read_bytes().splitlines() == [
        b'{    "id": "1",   "text": "a\\nb" }',
        b'{"id":"2"}',
        b'{"id":"3"}',
    ]
    assert landing.records == 3
    assert landing.longest == 34


def test_whatever_a_nested_list_holds_is_noted_with_its_parent(tmp_path: Path) -> None:
    landing = LandingFile(tmp_path / "file")
    landing.append([b'{"id":"1"}', b"{}", b"{ }", b"null", b"7", b'"x"', b"[]"], parent='a"b')
    landing.close()
    noted = [json.loads(line) for line in landing.path.read_bytes().splitlines()]
    odd = [None, 7, "x", []]
    assert noted == [
        {"parent": 'a"b', "id": "1"},
        {"parent": 'a"b'},
        {"parent": 'a"b'},
        *({"parent": 'a"b', "_odd": {"record": each}} for each in odd),
    ]


def test_a_file_is_gone_once_it_is_removed_and_removing_twice_is_fine(tmp_path: Path) -> None:
    landing = LandingFile(tmp_path / "file")
    landing.append([b"{}"])
    landing.remove()
    landing.remove()
    assert not landing.path.exists()


def test_nothing_stays_behind_a_step_that_ends_well_or_badly(tmp_path: Path) -> None:
    with LandingArea(tmp_path, "good") as area:
        area.file("incidents").append([b"{}"])
    with suppress(KeyboardInterrupt), LandingArea(tmp_path, "bad") as area:
        area.file("incidents").append([b"{}"])
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_a_folder_whose_step_was_killed_before_it_had_a_name_is_swept_too(tmp_path: Path) -> None:
    long_ago = time.time() - 2 * UNBORN
    for name, files, moment in (
        (".killed", [LOCK], long_ago),
        (".begins", [LOCK], time.time()),
        (".somebodys", [LOCK, "notes"], long_ago),
    ):
        (tmp_path / name).mkdir()
        for file in files:
            (tmp_path / name / file).touch()
        os.utime(tmp_path / name, (moment, moment))
    with LandingArea(tmp_path, "step"):
        assert {each.name for each in tmp_path.iterdir()} == {"step", ".begins", ".somebodys"}


def test_the_next_step_sweeps_up_after_one_that_was_killed_but_not_after_one_that_lives(
    tmp_path: Path,
) -> None:
    killed, living = holding(tmp_path, "killed"), holding(tmp_path, "living")
    kill(killed)
    try:
        assert (tmp_path / "killed" / "incidents-1.ndjson").exists()
        with LandingArea(tmp_path, "next"):
            assert {each.name for each in tmp_path.iterdir()} == {"living", "next"}
            assert (tmp_path / "living" / "incidents-1.ndjson").exists()
    finally:
        kill(living)


def test_a_step_that_was_killed_can_have_its_own_folder_again(tmp_path: Path) -> None:
    kill(holding(tmp_path, "step"))
    with LandingArea(tmp_path, "step") as area:
        assert area.file("incidents").path.exists()


def test_other_peoples_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("mine")
    (tmp_path / "file.txt").write_text("mine")
    with LandingArea(tmp_path, "step"):
        pass
    assert {each.name for each in tmp_path.iterdir()} == {"notes", "file.txt"}


def test_other_people_of_the_machine_see_nothing_of_what_has_landed(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with LandingArea(tmp_path / "landing", "step") as area:
            folder = area.file("incidents").path.parent
            assert folder.stat().st_mode & 0o777 == 0o700
    finally:
        os.umask(before)


def test_a_folder_of_another_user_s_step_is_left_alone() -> None:
    # Not below pytest's folder, which is closed to others.
    with TemporaryDirectory() as name:
        root, theirs = Path(name), Path(name) / "theirs"
        root.chmod(0o777)
        theirs.mkdir()
        (theirs / LOCK).touch()
        theirs.chmod(0)
        with unprivileged(), LandingArea(root, "mine") as area:
            assert area.file("incidents").path.exists()
        assert list(root.iterdir()) == [theirs]
        theirs.chmod(0o700)


def test_two_steps_of_one_name_never_share_a_folder(tmp_path: Path) -> None:
    with (
        LandingArea(tmp_path, "step"),
        pytest.raises(SyncError, match="ROOTLY_LANDING_DIR"),
        LandingArea(tmp_path, "step"),
    ):
        pass


def test_a_full_disk_is_said_with_the_remedy(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk, LandingArea(disk, "step") as area:
        landing = area.file("incidents")
        with pytest.raises(SyncError, match=r"is full.*ROOTLY_LANDING_DIR"):
            landing.append(b"x" * 100_000 for _ in range(50))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_disk_that_is_full_only_when_the_last_bytes_are_written_is_said_too() -> None:
    landing = LandingFile(Path("/dev/full"))
    landing.append([b"{}"])
    with pytest.raises(SyncError, match="is full"):
        landing.close()


def test_a_folder_that_may_not_be_written_is_named_with_the_remedy(tmp_path: Path) -> None:
    root = tmp_path / "landing"
    root.mkdir()
    root.chmod(0o555)
    with (
        unprivileged(),
        pytest.raises(SyncError, match="can't be written") as caught,
        LandingArea(root, "step"),
    ):
        pass
    assert str(root) in str(caught.value)
    assert "ROOTLY_LANDING_DIR" in str(caught.value)
    assert "Permission denied" in str(caught.value)


def test_a_file_where_the_folder_should_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "landing").write_text("a file")
    with (
        pytest.raises(SyncError, match="ROOTLY_LANDING_DIR"),
        LandingArea(tmp_path / "landing", "step"),
    ):
        pass


def test_steps_that_begin_at_the_same_moment_leave_each_other_alone(tmp_path: Path) -> None:
    def step(number: int) -> None:
        with LandingArea(tmp_path, f"step-{number}") as area:
            landing = area.file("incidents")
            landing.append([b"{}"])
            landing.close()
            assert landing.path.read_bytes() == b"{}\n"

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(step, range(400)))
    assert list(tmp_path.iterdir()) == []
