"""Shares of alerts, each counted as `marts.metrics_alert_outcomes` counts it."""

from rootly_assets.queries.counted import count_where

# Which alerts meet it, and of which that is known.
_SHARES = {
    "acknowledged": ("is_acknowledged", "is_acknowledged IS NOT NULL"),
    "noisy": ("noise = 'noise'", "is_noise_known"),
    "converted": ("is_converted", "is_converted IS NOT NULL"),
    "first_level": ("stayed_at_first_level", "stayed_at_first_level IS NOT NULL"),
}

SHARE_FIGURES = ", ".join(
    f"{count_where(f'{whole} AND {part}')} AS {name}, {count_where(whole)} AS {name}_of"
    for name, (part, whole) in _SHARES.items()
)
"""Columns of a SELECT from `marts.fct_alerts`: how many alerts meet each share, and (`_of`) of how many."""
