"""The threads that make a run's requests: all lists share them, and none takes them all."""

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Event
from types import TracebackType
from typing import Self, TypeVar

from rootly_assets.api import Ended, heed

_T = TypeVar("_T")
_Result = TypeVar("_Result")


class RequestPool:
    """A pool of threads.

    Args:
        most: how many requests are under way at a time.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._ended = Event()
        self._pool = ThreadPoolExecutor(
            most, thread_name_prefix="rootly-request", initializer=heed, initargs=(self._ended,)
        )

    def __enter__(self) -> Self:
        """Nothing runs yet: threads begin when they are needed."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wait for what runs; what waits is dropped."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def end(self) -> None:
        """Begin nothing more; who goes on in between is told by `go_on`, and who waits to ask at once."""
        self._ended.set()

    def go_on(self) -> None:
        """Ask whether the next request may be made.

        Raises:
            Ended: where it may not.
        """
        if self._ended.is_set():
            raise Ended

    def call(self, function: Callable[[], _Result]) -> _Result:
        """Do one thing, when it is its turn.

        Raises:
            Ended: where the run was.
        """

        def begin() -> _Result:
            self.go_on()
            return function()

        return self._pool.submit(begin).result()

    def side_by_side(self, things: Iterable[_T], take: Callable[[_T], Iterable[_T]]) -> None:
        """Take things in any order, and whatever taking one of them leads to.

        No more of them wait in line than can be under way: so other lists have their turn in between, and a
        list under a million parents takes no memory for those that are still to come.

        Raises:
            Exception: what the first that fails raises; those that wait are dropped.
            Ended: where the run was.
        """

        def begin(thing: _T) -> Iterable[_T]:
            self.go_on()
            return take(thing)

        left = deque(things)
        under_way: set[Future[Iterable[_T]]] = set()
        try:
            while left or under_way:
                while left and len(under_way) < self._most:
                    under_way.add(self._pool.submit(begin, left.popleft()))
                done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                for each in done:
                    left.extendleft(each.result())
        finally:
            for each in under_way:
                each.cancel()
