"""The vendor's published document, as a catalogue: read from a file or URL, derived, and nothing written."""

from rootly_assets.catalogue.derive import derive
from rootly_assets.catalogue.endpoint import Endpoint
from rootly_assets.catalogue.openapi import read_document

# Where Rootly publishes the OpenAPI document of its API, for everybody to read.
DEFAULT_URL = "https://rootly-heroku.s3.amazonaws.com/swagger/v1/swagger.json"


def published(source: str) -> list[Endpoint]:
    """The catalogue that follows from a document.

    Args:
        source: a file or an http(s) URL.

    Raises:
        ValueError: where there is no document, or none that a catalogue could be derived from; one sentence.
    """
    document = read_document(source)
    try:
        return derive(document)
    except (AttributeError, IndexError, KeyError, RecursionError, TypeError) as error:
        raise ValueError(
            f"{source} is not in the form of an OpenAPI 3 document ({type(error).__name__}: {error})."
        ) from error
