"""The limiter is free while plenty is left, uses nearly all of the allowance, and makes 429 rare."""

from collections import deque
from heapq import heappop, heappush
from itertools import count

import pytest

from rootly_assets.api.headers import rate_limit
from rootly_assets.api.limiter import Limiter, shared_limiter
from rootly_assets.api.page import RateLimit

from .conftest import Clock


class SlidingWindow:
    """A server that counts the requests of the last 60 s, ours and others'."""

    def __init__(self, clock: Clock, limit: int) -> None:
        self.clock, self.limit = clock, limit
        self.counted: deque[float] = deque()
        self.accepted = self.refused = 0

    def ask(self) -> RateLimit:
        now = self.clock.now
        while self.counted and self.counted[0] <= now - 60:
            self.counted.popleft()
        if len(self.counted) >= self.limit:
            self.refused += 1
        else:
            self.counted.append(now)
            self.accepted += 1
        reset = self.counted[0] + 60 - now if self.counted else 0
        return RateLimit(
            limit=self.limit, remaining=self.limit - len(self.counted), reset=reset, window=60
        )


class FixedWindow(SlidingWindow):
    """A server that begins to count anew every full minute."""

    def ask(self) -> RateLimit:
        while self.counted and self.counted[0] // 60 != self.clock.now // 60:
            self.counted.popleft()
        if len(self.counted) >= self.limit:
            self.refused += 1
        else:
            self.counted.append(self.clock.now)
            self.accepted += 1
        return RateLimit(
            limit=self.limit,
            remaining=self.limit - len(self.counted),
            reset=60 - self.clock.now % 60,
            window=60,
        )


def flood(limiter: Limiter, server: SlidingWindow, clock: Clock, seconds: float) -> None:
    until = clock.now + seconds
    while clock.now < until:
        limiter.acquire()
        if clock.now >= until:
            return
        clock.now += 0.002
        said = server.ask()
        clock.now += 0.002
        limiter.release(said)


def test_a_small_job_never_waits(clock):
    limiter = Limiter(3000, clock=clock.time, sleep=clock.sleep)
    server = SlidingWindow(clock, 3000)
    for _ in range(700):
        assert limiter.acquire() == 0
        limiter.release(server.ask())
    assert clock.slept == []


@pytest.mark.parametrize("kind", [SlidingWindow, FixedWindow])
def test_a_flood_uses_nearly_all_of_the_allowance_without_a_429(clock, kind):
    limiter = Limiter(300, clock=clock.time, sleep=clock.sleep)
    server = kind(clock, 300)
    flood(limiter, server, clock, 600)
    assert server.refused == 0
    assert server.accepted >= 0.95 * 300 * 10


def test_a_larger_allowance_by_contract_is_bounded_by_our_own_setting(clock):
    limiter = Limiter(100, clock=clock.time, sleep=clock.sleep)
    server = SlidingWindow(clock, 6000)
    flood(limiter, server, clock, 300)
    assert 0.95 * 500 <= server.accepted <= 600


def test_a_smaller_allowance_is_learned_from_the_first_answer(clock):
    limiter = Limiter(3000, clock=clock.time, sleep=clock.sleep)
    server = SlidingWindow(clock, 50)
    flood(limiter, server, clock, 300)
    assert server.refused == 0
    assert server.accepted >= 0.95 * 250


def test_other_clients_of_the_key_are_left_their_share(clock):
    limiter = Limiter(300, clock=clock.time, sleep=clock.sleep)
    server = SlidingWindow(clock, 300)
    server.counted.extend([clock.now] * 290)
    flood(limiter, server, clock, 180)
    assert server.refused <= 2
    assert server.accepted >= 0.9 * 300 * 2


def flood_together(limiters: list[Limiter], server: SlidingWindow, clock: Clock) -> None:
    """Threads of many processes ask for five minutes, each process with a limiter of its own."""
    numbers = count()
    # (when, which, what happens then, whose limiter, the answer)
    due = [(0.0, next(numbers), "ask", each, None) for each in limiters for _ in range(8)]
    while due[0][0] < 300:
        clock.now, _, what, limiter, said = heappop(due)
        if what == "ask":
            # As `acquire` does, without waiting in it: the others go on meanwhile.
            pause = limiter._pause(1.0)
            if pause <= 0:
                limiter._in_flight += 1
                after, what = 0.1, "arrive"
            else:
                after = min(pause, 0.5)
        elif what == "arrive":
            refused = server.refused
            said = (server.ask(), server.refused > refused)
            after, what = 0.1, "answer"
        else:
            limits, was_refused = said
            limiter.release(limits)
            if was_refused:
                limiter.block(max(1.0, limits.reset))
            after, what, said = 0.0, "ask", None
        heappush(due, (clock.now + after, next(numbers), what, limiter, said))


def test_processes_that_share_a_key_use_its_allowance_and_are_hardly_ever_refused(clock):
    server = SlidingWindow(clock, 3000)
    limiters = [Limiter(3000, clock=clock.time, sleep=clock.sleep) for _ in range(4)]
    flood_together(limiters, server, clock)
    assert server.accepted >= 0.95 * 3000 * 5
    assert server.refused <= 0.02 * server.accepted


def test_a_setting_below_the_servers_limit_leaves_room_that_others_already_use(clock):
    limiter = Limiter(30, clock=clock.time, sleep=clock.sleep)
    limiter.acquire()
    limiter.release(RateLimit(limit=3000, remaining=1000, reset=60))
    assert limiter.acquire() == 0


def test_nobody_sends_while_the_server_says_wait(clock):
    limiter = Limiter(300, clock=clock.time, sleep=clock.sleep)
    limiter.block(12)
    assert limiter.acquire() == pytest.approx(12)


def test_one_limiter_a_process_and_token():
    assert shared_limiter("u", 3000, "a") is shared_limiter("u", 30, "a")
    assert shared_limiter("u", 3000, "a") is not shared_limiter("u", 3000, "b")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3000", (3000, 60.0)),
        ("3000, 3000;window=60", (3000, 60.0)),
        ("20, 20;window=2", (20, 2.0)),
    ],
)
def test_the_limit_is_read_in_either_form(text, expected):
    said = rate_limit({"X-RateLimit-Limit": text, "X-RateLimit-Remaining": "5"}, now=0)
    assert (said.limit, said.window) == expected


def test_a_reset_in_milliseconds_or_nonsense_is_survived():
    assert rate_limit({"RateLimit-Reset": "1700000005000"}, now=1_700_000_000).reset == 5
    assert rate_limit({"RateLimit-Reset": "soon"}, now=1_700_000_000).reset is None
