"""What every chart function returns, whether of one layer or of several."""

from typing import cast

import altair as alt

Drawn = alt.Chart | alt.LayerChart


def layered(*charts: alt.Chart) -> alt.LayerChart:
    """Charts on top of each other, the first below; none of them may be a facet."""
    return cast("alt.LayerChart", alt.layer(*charts))
