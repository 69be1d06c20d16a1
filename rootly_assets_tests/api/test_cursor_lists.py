"""A list with a cursor is followed to its end and no further."""

import pytest

from rootly_assets.api import BrokenBody, IncompleteRead, Rejected
from rootly_assets.catalogue import PageStyle

from .conftest import Response, endpoint, ids_of, row

CURSOR = endpoint("/v1/incidents", PageStyle.CURSOR, sort="created_at")


def cursor_list(count, *, total=None, stream=False):
    def answer(request):
        start, size = int(request.query.get("page[after]", 0)), int(request.query["page[size]"])
        end = min(start + size, count)
        following = str(end) if stream or end < count else None
        meta = {"next_cursor": following, "total_count": count if total is None else total}
        return Response({"data": [row(i) for i in range(start, end)], "meta": meta})

    return answer


def test_the_cursor_is_followed_to_the_end(serve, client_of):
    server = serve(cursor_list(250))
    assert ids_of(client_of(server.url).pages(CURSOR)) == list(range(250))
    assert [r.query.get("page[after]") for r in server.requests] == [None, "100", "200"]
    assert {r.query["sort"] for r in server.requests} == {"created_at"}
    assert not any("page[number]" in r.query for r in server.requests)


def test_a_stream_that_always_names_a_cursor_ends(serve, client_of):
    server = serve(cursor_list(120, stream=True))
    pages = list(client_of(server.url).pages(CURSOR))
    assert ids_of(pages) == list(range(120))
    assert pages[-1].meta.next_cursor == "120"


def test_reading_goes_on_where_it_stopped(serve, client_of):
    server = serve(cursor_list(250))
    assert ids_of(client_of(server.url).pages(CURSOR, after="240")) == list(range(240, 250))


def with_a_gap(empty: int):
    """Fifty rows, pages without any, and fifty more."""

    def answer(request):
        number = int(request.query.get("page[after]", 0))
        rows = range(50) if number == 0 else range(50, 100) if number > empty else ()
        following = str(number + 1) if number <= empty else None
        return Response({"data": [row(i) for i in rows], "meta": {"next_cursor": following}})

    return answer


def test_empty_pages_are_no_end_as_long_as_a_next_one_is_named(serve, client_of):
    assert ids_of(client_of(serve(with_a_gap(30)).url).pages(CURSOR)) == list(range(100))


def test_a_feed_of_nothing_but_empty_pages_is_an_error(serve, client_of):
    server = serve(with_a_gap(5000))
    with pytest.raises(IncompleteRead, match=r"/v1/incidents .* 100 pages in a row held no rows"):
        list(client_of(server.url).pages(CURSOR))
    assert len(server.requests) == 101


def test_a_cursor_that_goes_round_is_an_error(serve, client_of):
    def answer(request):
        following = "b" if request.query.get("page[after]") == "a" else "a"
        return Response({"data": [row(1)], "meta": {"next_cursor": following}})

    with pytest.raises(IncompleteRead, match="circles"):
        list(client_of(serve(answer).url).pages(CURSOR))


def test_fewer_rows_than_counted_are_an_error(serve, client_of):
    with pytest.raises(IncompleteRead, match="90 rows came where the list says it has 100"):
        list(client_of(serve(cursor_list(90, total=100)).url).pages(CURSOR))


def test_a_reading_that_fell_short_once_is_repeated(serve, client_of):
    first = []

    def answer(request):
        if not first:
            first.append(1)
            return Response({"data": [row(0)], "meta": {"total_count": 5, "next_cursor": None}})
        return cursor_list(5)(request)

    assert set(ids_of(client_of(serve(answer).url).pages(CURSOR))) == set(range(5))


@pytest.mark.parametrize("meta", [{}, {"meta": {}}, {"meta": {"total_pages": None}}])
def test_a_full_page_that_does_not_say_whether_more_follows_is_read_again(serve, client_of, meta):
    bad = [Response({"data": [row(i) for i in range(100)], **meta})] * 2

    def answer(request):
        return bad.pop() if bad and "page[after]" in request.query else cursor_list(250)(request)

    server = serve(answer)
    assert ids_of(client_of(server.url).pages(CURSOR)) == list(range(250))
    assert len(server.requests) == 5


def test_a_list_that_never_says_whether_more_follows_is_an_error(serve, client_of):
    server = serve(lambda _: Response({"data": [row(i) for i in range(20)]}))
    with pytest.raises(BrokenBody, match="/v1/incidents answered 200, but with a page without"):
        list(client_of(server.url).pages(CURSOR))


def test_a_stream_that_counts_nothing_may_end_with_a_full_page(serve, client_of):
    server = serve(
        lambda _: Response(
            {"data": [row(i) for i in range(100)], "meta": {"next_cursor": None}},
        )
    )
    assert len(ids_of(client_of(server.url).pages(CURSOR))) == 100
    assert len(server.requests) == 1


def forgetful(times):
    """A list that forgets the cursors it has named, some times."""
    left = [400] * times

    def answer(request):
        if left and request.query.get("page[after]") == "100":
            return Response({"errors": [{"detail": "Invalid cursor"}]}, left.pop())
        return cursor_list(250)(request)

    return answer


def test_a_list_that_no_longer_knows_its_cursor_is_read_again(serve, client_of):
    assert set(ids_of(client_of(serve(forgetful(1)).url).pages(CURSOR))) == set(range(250))


def test_a_list_that_never_knows_its_cursors_is_an_error(serve, client_of):
    server = serve(forgetful(1000))
    with pytest.raises(Rejected, match="Invalid cursor"):
        list(client_of(server.url).pages(CURSOR))
    assert len(server.requests) == 6


def test_an_unknown_cursor_to_start_from_is_told_at_once(serve, client_of):
    server = serve(forgetful(1000))
    with pytest.raises(Rejected, match="Invalid cursor"):
        list(client_of(server.url).pages(CURSOR, after="100"))
    assert len(server.requests) == 1
