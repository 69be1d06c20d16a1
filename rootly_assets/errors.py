"""What any room may find wrong with how it was set up."""


class NotConfigured(Exception):  # noqa: N818 - it says what is the case
    """A setting is missing or unusable, or a package is not installed; the message says what to do.

    No request was made, and nothing was opened.
    """
