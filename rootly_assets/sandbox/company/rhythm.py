"""When things happen: by hour and weekday, as people shop and engineers release."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

_SHOP = ZoneInfo("America/Los_Angeles")
# Weight by hour of the shop's day: quiet nights, releases by day, the basket filled after dinner.
_HOURS = (3, 2, 2, 2, 2, 3, 4, 6, 8, 10, 12, 11, 10, 10, 11, 11, 10, 11, 12, 12, 10, 8, 6, 4)
# Monday to Sunday: few releases on Friday, the week's groceries on Sunday.
_DAYS = (1.0, 1.05, 1.0, 1.05, 0.8, 0.55, 0.75)
_PEAK = max(_HOURS) * max(_DAYS)


def likelihood(when: datetime) -> float:
    """How likely something is to happen then, from 0 to 1 at the busiest hour."""
    local = when.astimezone(_SHOP)
    weight = _HOURS[local.hour] * _DAYS[local.weekday()]
    if local.weekday() == 6 and 16 <= local.hour <= 20:
        weight *= 1.2
    return min(weight / _PEAK, 1.0)


def moments(random: Random, start: datetime, length: timedelta, count: int) -> Iterator[datetime]:
    """So many moments within a span, following the rhythm, in no order."""
    seconds = length.total_seconds()
    while count > 0:
        when = start + timedelta(seconds=random.random() * seconds)
        if random.random() < likelihood(when):
            count -= 1
            yield when


def following(random: Random, after: datetime, per_day: float) -> datetime:
    """The next moment after one, at so many a day on average."""
    mean = sum(_HOURS) / 24 * sum(_DAYS) / 7 / _PEAK
    busiest = per_day / mean / 86400
    when = after
    while True:
        when += timedelta(seconds=random.expovariate(busiest))
        if random.random() < likelihood(when):
            return when
