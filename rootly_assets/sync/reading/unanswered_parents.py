"""Parents under which a nested list was not given whole: what that says of their children, and what not."""

from collections.abc import Callable, Mapping, Set
from threading import Lock

from rootly_assets.api import (
    BrokenBody,
    EndOutOfReach,
    Forbidden,
    IncompleteRead,
    NotFound,
    RootlyError,
    Unavailable,
)
from rootly_assets.catalogue import Endpoint

# Where so many in a row are asked in vain, it is the list: thousands more would only use up the rate limit.
MOST_IN_VAIN = 50

# How Rootly fails to give what is below one record, while it gives what is below others.
FAILURES = (Unavailable, BrokenBody, IncompleteRead)

# Of so many a table remembers that they are to be asked again. Where more fail, it is not single records.
MOST_UNREAD = 20


def check_few(failing: Mapping[str, RootlyError], before: Set[str] = frozenset()) -> None:
    """Make sure that no more fail, with those that did before, than can be remembered.

    Raises:
        RootlyError: how the first of them failed.
    """
    if failing and len(failing.keys() | before) > MOST_UNREAD:
        raise next(iter(failing.values()))


class UnansweredParents:
    """Parents that did not answer, or not to the end.

    Args:
        endpoint: the nested list.
        known: ids of those that failed in reads before.

    Attributes:
        refused: ids of those whose children the key may not read; nothing is known of these.
        unfinished: ids of those that have more children than Rootly gives, with its reason.
        withheld: ids of those that are there while their list was not found, with what is known of it.
        failing: ids of those whose children Rootly fails to give, to be asked again.
    """

    def __init__(self, endpoint: Endpoint, known: Set[str] = frozenset()) -> None:
        self._endpoint = endpoint
        self._known = known
        self.refused: dict[str, Forbidden] = {}
        self.unfinished: dict[str, str] = {}
        self.withheld: dict[str, str] = {}
        self.failing: dict[str, RootlyError] = {}
        # Not found: most were deleted after their own list was read.
        self._nowhere: set[str] = set()
        self._gone: set[str] = set()  # those of them that are nowhere themselves
        self._any_answered = False
        self._lock = Lock()  # parents are asked side by side

    def note_answer(self) -> None:
        """Note that one of the parents answered: what others don't give is their own matter."""
        self._any_answered = True

    @property
    def unproven(self) -> Set[str]:
        """Those of whose children that did not come nothing can be said."""
        return self.refused.keys() | self.doubtful.keys()

    @property
    def news(self) -> Set[str]:
        """Those that failed and had not before: what vanished elsewhere may be below them now."""
        return self.failing.keys() - self._known

    @property
    def doubtful(self) -> Mapping[str, str]:
        """Those of whose children it is not certain that all came, with the reason."""
        failing = {parent: str(error) for parent, error in self.failing.items()}
        return self.unfinished | self.withheld | failing

    def note_unfinished(self, parent: str, error: EndOutOfReach) -> None:
        """Note a parent whose children came, but not all of them."""
        with self._lock:
            self.unfinished[parent] = str(error)

    def note_failure(self, parent: str, error: RootlyError) -> None:
        """Note a parent that is to be asked again.

        Raises:
            RootlyError: where that would be too many.
        """
        with self._lock:
            self.failing[parent] = error
            check_few(self.failing)

    def note_refusal(self, parent: str, error: Forbidden | NotFound) -> None:
        """Note a parent whose children were refused, or not found."""
        with self._lock:
            if isinstance(error, Forbidden):
                self.refused[parent] = error
            else:
                self._nowhere.add(parent)

    @property
    def are_many(self) -> bool:
        """Whether it is time to `check`."""
        with self._lock:
            return len(self.refused) + len(self._nowhere) >= MOST_IN_VAIN

    def check(self, is_there: Callable[[str], bool]) -> None:
        """Find out whether it is the list.

        Args:
            is_there: whether a parent is there itself; asked only where all of several were not found.

        Raises:
            Forbidden: where none answered, and any of them refused.
            RootlyError: where none answered, and any of them failed that had not failed before.
            NotFound: where several were not found and nothing else, although one of them is there.
        """
        if self._any_answered:
            return
        if self.refused:
            raise next(iter(self.refused.values()))
        self.check_news()
        nowhere = self._not_judged()
        if len(nowhere) > 1 and any(self._is_there(each, is_there) for each in nowhere):
            above = self._endpoint.parent.table if self._endpoint.parent else None
            raise NotFound(
                f"Rootly has nothing at {self._endpoint.path} (404) for any of {len(self._nowhere)} "
                f"{(above or 'parents').replace('_', ' ')}, at least one of which is there: the list seems "
                "to have moved, or the key's scope does not include it. No row was marked as deleted; check "
                "ROOTLY_API_URL and the key, and tell Rootly's support if it stays so.",
                endpoint=self._endpoint.path,
                status=404,
            )

    def check_news(self) -> None:
        """Make sure that all that failed did so before.

        Raises:
            RootlyError: how another has failed.
        """
        if self.news:
            raise self.failing[min(self.news)]

    def judge(self, is_there: Callable[[str], bool]) -> None:
        """Tell the parents that are gone, and their children with them, from those that are there all the same.

        Args:
            is_there: whether a parent is there itself; asked for a number at most; children of the others stay.
        """
        nowhere = self._not_judged()
        for parent in nowhere[:MOST_IN_VAIN]:
            if self._is_there(parent, is_there):
                self.withheld[parent] = "its list was not found (404), though it is there itself"
        for parent in nowhere[MOST_IN_VAIN:]:
            self.withheld[parent] = "its list was not found (404), and neither were many others"

    def _not_judged(self) -> list[str]:
        with self._lock:
            return sorted(self._nowhere - self._gone)

    def _is_there(self, parent: str, is_there: Callable[[str], bool]) -> bool:
        found = is_there(parent)
        if not found:
            with self._lock:
                self._gone.add(parent)
        return found

    @property
    def note(self) -> str:
        """What there is to say of those that refused, in a few words."""
        if not self.refused:
            return ""
        return (
            f"; {len(self.refused)} of them may not be read with this key (403), so that their rows stay "
            "as they are: full_refresh once it may"
        )
