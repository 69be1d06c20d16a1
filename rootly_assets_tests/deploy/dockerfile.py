"""The Dockerfile, read by a library; and its folders as they are on this machine."""

import json
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from string import Template

from dockerfile_parse import DockerfileParser

REPOSITORY = Path(__file__).parents[2]
DEPLOY = REPOSITORY / "deploy"
PLACE = "/opt/rootly"


def instructions() -> list[tuple[str, str]]:
    """Every instruction with what follows it, in order; lines that go on are joined."""
    parser = DockerfileParser(fileobj=BytesIO((DEPLOY / "Dockerfile").read_bytes()))
    return [
        (each["instruction"], each["value"])
        for each in parser.structure
        if each["instruction"] != "COMMENT"
    ]


def copied() -> Iterator[tuple[list[str], str]]:
    """What is copied from the repository, and where to."""
    for kind, value in instructions():
        if kind == "COPY" and "--from=" not in value:
            *sources, target = value.split()
            yield sources, target


def runs() -> list[str]:
    """The commands of the build, in order."""
    return [value for kind, value in instructions() if kind == "RUN"]


def command() -> list[str]:
    """What the container runs."""
    (value,) = [value for kind, value in instructions() if kind == "CMD"]
    return json.loads(value)


def environment(inherited: dict[str, str]) -> dict[str, str]:
    """The variables that the image sets, on top of others."""
    variables = dict(inherited)
    for kind, value in instructions():
        if kind == "ENV":
            for part in value.split():
                name, text = part.split("=", 1)
                variables[name] = Template(text).substitute(variables)
    return variables


def copy(folder: Path) -> None:
    """Copy what the image copies into a folder that stands for `PLACE`."""
    for sources, target in copied():
        for source in sources:
            path = REPOSITORY / source
            into = folder / target / path.name if target.endswith("/") else folder / target
            if path.is_dir():
                ignored = shutil.ignore_patterns("__pycache__", "target", "logs", ".user.yml")
                shutil.copytree(path, into, ignore=ignored)
            else:
                into.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, into)
