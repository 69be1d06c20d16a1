"""How this package came onto the machine, and so what people type to run it or to add to it."""

from rootly_assets.settings import project_folder


def in_checkout() -> bool:
    """Whether this is a checkout of the repository, with its Makefile, and no wheel."""
    return (project_folder().parent / "Makefile").exists()


def command(name: str) -> str:
    """How a command of ours is typed here: `make refresh` or `rootly-assets refresh`."""
    return f"make {name}" if in_checkout() else f"rootly-assets {name}"


def python(module: str) -> str:
    """How a module is run here: `python -m rootly_assets.catalogue list`, in a checkout by its own Python.

    Args:
        module: its name, with what is given to it.
    """
    return f"{'.venv/bin/' if in_checkout() else ''}python -m {module}"


def adding(extra: str, *, exactly: str = "") -> str:
    """What installs an extra.

    Args:
        extra: as `pyproject.toml` calls it.
        exactly: a package of it that has to have one version; in a checkout `uv.lock` says which.
    """
    if in_checkout():
        return f"make install EXTRAS={extra}"
    return f"pip install 'rootly-assets[{extra}]'" + (f" '{exactly}'" if exactly else "")
