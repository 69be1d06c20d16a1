"""How many alerts there are, and shares of them, each counted as `marts.metrics_alert_outcomes` counts it."""

from rootly_assets.queries.portable import count_where
from rootly_assets.queries.tiles import Change, Tile

# Which alerts meet it, and of which that is known.
_SHARES = {
    # Nobody was asked to acknowledge what paged nobody: members of groups, above all.
    "acknowledged": ("is_acknowledged", "was_paged"),
    "noisy": ("noise = 'noise'", "is_noise_known"),
    "converted": ("is_converted", "is_converted IS NOT NULL"),
    "first_level": ("stayed_at_first_level", "stayed_at_first_level IS NOT NULL"),
}

SHARE_FIGURES = ", ".join(
    f"{count_where(f'{whole} AND {part}')} AS {name}, {count_where(whole)} AS {name}_of"
    for name, (part, whole) in _SHARES.items()
)
"""Columns of a SELECT from `marts.fct_alerts`: how many alerts meet each share, and (`_of`) of how many."""


ACKNOWLEDGE_SECONDS = "CASE WHEN NOT is_group_member THEN acknowledge_time_seconds END"
"""Seconds to acknowledge an alert of `marts.fct_alerts`, as in the strict population of `metrics_alert_times`.

A member of another alert's group is acknowledged with its leader: it is no second answer.
"""


def alerts_tile(
    count: int, *, were_read: bool, change: Change | None = None, note: str = ""
) -> Tile:
    """The tile of how many alerts there are: none is not known to be so where they were never read.

    Args:
        count: how many are there; rows that somebody else loaded count without a reading.
        were_read: whether Rootly was ever asked for them.
        change: how they differ from the days before; None where that is unknown.
        note: what there is to say of them.
    """
    if not count and not were_read:
        return Tile("Alerts", "–", note="never read")
    return Tile("Alerts", f"{count:,}", change, note)
