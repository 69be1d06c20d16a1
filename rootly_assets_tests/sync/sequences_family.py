"""The wired lists in families: parents with their children, and lists without either some at a time."""

from rootly_assets.catalogue import Endpoint, wired

SMALLEST = 6


def families() -> list[list[Endpoint]]:
    """Families of at least `SMALLEST` lists that together are all wired lists."""
    found: list[list[Endpoint]] = []
    small: list[Endpoint] = []
    for root in (each for each in wired() if each.parent is None):
        family = _with_descendants(root)
        if len(family) >= SMALLEST:
            found.append(family)
            continue
        small += family
        if len(small) >= SMALLEST:
            found.append(small)
            small = []
    return [*found, small] if small else found


def _with_descendants(root: Endpoint) -> list[Endpoint]:
    below = [each for each in wired() if each.parent and each.parent.table == root.table]
    return [root, *(each for child in below for each in _with_descendants(child))]
