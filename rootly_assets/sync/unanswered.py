"""Parents under which a nested list was not given: what that says of their children, and what it does not."""

from threading import Lock

from rootly_assets.api import Forbidden, NotFound
from rootly_assets.catalogue import Endpoint

# Where so many in a row are asked in vain, it is the list: thousands more would only use up the rate limit.
MOST_IN_VAIN = 50


class Unanswered:
    """Parents that did not answer.

    Args:
        endpoint: the nested list.

    Attributes:
        refused: ids of those whose children the key may not read; nothing is known of these.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self.refused: dict[str, Forbidden] = {}
        # Not found: they were deleted after their own list was read.
        self._nowhere: set[str] = set()
        self._any_answered = False
        self._lock = Lock()  # parents are asked side by side

    def has_answered(self) -> None:
        """One of the parents has: what others don't give is their own matter."""
        self._any_answered = True

    def add(self, parent: str, error: Forbidden | NotFound) -> None:
        """Note a parent.

        Raises:
            RootlyError: where so many of them say that it is the list.
        """
        with self._lock:
            if isinstance(error, Forbidden):
                self.refused[parent] = error
            else:
                self._nowhere.add(parent)
            asked = len(self.refused) + len(self._nowhere)
        if asked >= MOST_IN_VAIN:
            self.check()

    def check(self) -> None:
        """Look at all of them together.

        Raises:
            Forbidden: where none answered, and any of them refused.
            NotFound: where several were not found, and nothing else: all of them can't be gone at once.
        """
        if self._any_answered:
            return
        if self.refused:
            raise next(iter(self.refused.values()))
        if len(self._nowhere) > 1:
            above = self._endpoint.parent.table if self._endpoint.parent else None
            raise NotFound(
                f"Rootly has nothing at {self._endpoint.path} (404) for any of {len(self._nowhere)} "
                f"{(above or 'parents').replace('_', ' ')} that it lists itself: the list seems to have moved, "
                "or the key's scope does not include it. No row was marked as deleted; check ROOTLY_API_URL "
                "and the key, and tell Rootly's support if it stays so.",
                endpoint=self._endpoint.path,
                status=404,
            )

    @property
    def note(self) -> str:
        """What there is to say of those that refused, in a few words."""
        if not self.refused:
            return ""
        return (
            f"; {len(self.refused)} of them may not be read with this key (403), so that their rows stay "
            "as they are: full_refresh once it may"
        )
