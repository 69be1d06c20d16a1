"""A list read by page numbers is read completely, whatever happens to it meanwhile, or not at all."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rootly_assets.api import BrokenBody, IncompleteRead
from rootly_assets.catalogue import PageStyle

from .conftest import Response, Server, endpoint, ids_of, numbered_page, row


def test_every_page_is_read_in_as_many_requests_as_there_are_pages(serve, client_of):
    server = serve(lambda r: Response(numbered_page([row(i) for i in range(250)], r.query)))
    pages = client_of(server.url).pages(endpoint(sort="created_at"))
    assert ids_of(pages) == list(range(250))
    assert len(server.requests) == 3
    assert pages.usage.requests == 3
    assert server.requests[1].query == {
        "page[size]": "100",
        "page[number]": "2",
        "sort": "-created_at",
    }


def test_an_empty_list_is_one_page_without_rows(serve, client_of):
    server = serve(lambda r: Response(numbered_page([], r.query)))
    (page,) = client_of(server.url).pages(endpoint())
    assert page.records == []
    assert page.meta.total_count == 0


def test_a_page_is_never_larger_than_the_list_allows(serve, client_of):
    server = serve(lambda r: Response(numbered_page([row(1)], r.query)))
    list(client_of(server.url).pages(endpoint(max_size=50)))
    assert server.requests[0].query["page[size]"] == "50"


def test_blank_parameters_are_left_out_and_others_sent(serve, client_of):
    server = serve(lambda r: Response(numbered_page([row(1)], r.query)))
    params = {"filter[x]": "", "include": "roles"}
    nested = endpoint("/v1/parents/{parent_id}/things")
    list(client_of(server.url).pages(nested, params, path_params={"parent_id": "a/b"}))
    assert server.requests[0].path == "/v1/parents/a%2Fb/things"
    assert "filter[x]" not in server.requests[0].query
    assert server.requests[0].query["include"] == "roles"


def test_a_short_page_is_not_the_end(serve, client_of):
    def answer(request):
        number = int(request.query["page[number]"])
        return Response(
            {
                "data": [row(number)],
                "meta": {"next_page": number + 1 if number < 5 else None, "total_count": 5},
            }
        )

    assert ids_of(client_of(serve(answer).url).pages(endpoint())) == [1, 2, 3, 4, 5]


def test_a_list_that_forgets_to_name_its_next_page_is_read_on(serve, client_of):
    def answer(request):
        page = numbered_page([row(i) for i in range(220)], request.query)
        page["meta"] = {"total_count": 220}
        return Response(page)

    assert set(ids_of(client_of(serve(answer).url).pages(endpoint()))) == set(range(220))


UNCOUNTED = endpoint(has_meta=False)


def test_a_list_without_meta_that_knows_no_pages_is_read_in_one_and_confirmed_by_another(
    serve, client_of
):
    server = serve(lambda _: Response({"data": [row(i) for i in range(30)]}))
    assert set(ids_of(client_of(server.url).pages(UNCOUNTED))) == set(range(30))
    assert len(server.requests) == 2


def test_an_empty_list_without_meta_takes_one_request(serve, client_of):
    server = serve(lambda _: Response({"data": []}))
    assert ids_of(client_of(server.url).pages(UNCOUNTED)) == []
    assert len(server.requests) == 1


def test_a_page_without_meta_is_not_taken_for_the_end_because_it_is_short(serve, client_of):
    """The server gives no more than 50 rows a page, whatever is asked for."""

    def answer(request):
        most = {**request.query, "page[size]": "50"}
        return Response({"data": numbered_page([row(i) for i in range(180)], most)["data"]})

    server = serve(answer)
    assert ids_of(client_of(server.url).pages(UNCOUNTED)) == list(range(180))
    assert len(server.requests) == 5


@pytest.mark.parametrize("status", [400, 404, 422])
def test_a_short_page_without_meta_is_the_end_where_a_second_one_is_refused(
    serve, client_of, status
):
    def answer(request):
        if request.query["page[number]"] == "1":
            return Response({"data": [row(i) for i in range(30)]})
        return Response({"errors": [{"detail": "no such page"}]}, status)

    assert ids_of(client_of(serve(answer).url).pages(UNCOUNTED)) == list(range(30))


@pytest.mark.parametrize(("count", "is_error"), [(30, False), (100, True), (130, False)])
@pytest.mark.parametrize("orders", [1, 1000])
def test_a_list_that_ignores_page_numbers_ends_whatever_the_order(
    serve, client_of, count, is_error, orders
):
    """A full page again and again may hide any number of further rows."""
    chance = random.Random(5)
    rows = [row(i) for i in range(count)]

    def answer(_):
        return Response({"data": chance.sample(rows, count) if orders > 1 else rows})

    server = serve(answer)
    pages = client_of(server.url).pages(UNCOUNTED)
    if is_error:
        with pytest.raises(IncompleteRead, match=r"/v1/things .* a full page of 100 rows again"):
            list(pages)
    else:
        assert set(ids_of(pages)) == set(range(count))
    assert len(server.requests) < 5


@pytest.mark.parametrize("meta", [{}, {"next_page": 9999, "total_count": 5000}])
def test_rows_at_random_again_and_again_are_an_error(serve, client_of, meta):
    chance = random.Random(5)
    rows = [row(i) for i in range(300)]

    def answer(request):
        named = {"next_page": int(request.query["page[number]"]) + 1} if meta else {}
        return Response({"data": chance.sample(rows, 100), "meta": {**meta, **named}})

    server = serve(answer)
    with pytest.raises(IncompleteRead, match=r"/v1/things .* (same rows again|rows kept moving)"):
        list(client_of(server.url).pages(UNCOUNTED))
    assert len(server.requests) < 100


def test_a_full_page_without_meta_is_not_taken_for_the_end(serve, client_of):
    def answer(request):
        return Response(
            {"data": numbered_page([row(i) for i in range(120)], request.query)["data"]}
        )

    assert set(ids_of(client_of(serve(answer).url).pages(UNCOUNTED))) == set(range(120))


def test_a_full_page_that_counts_nothing_is_not_taken_for_the_end(serve, client_of):
    def answer(request):
        rows = numbered_page([row(i) for i in range(120)], request.query)["data"]
        return Response({"data": rows, "meta": {"current_page": 1}})

    assert set(ids_of(client_of(serve(answer).url).pages(endpoint()))) == set(range(120))


@pytest.mark.parametrize("rows", [0, 30, 100])
@pytest.mark.parametrize("without", [{}, {"meta": None}, {"meta": {}}, {"meta": []}])
def test_a_page_without_the_meta_that_its_list_has_is_read_again(serve, client_of, rows, without):
    first = [Response({"data": [row(i) for i in range(rows)], **without})] * 2

    def answer(request):
        return first.pop() if first else Response(numbered_page([row(7)], request.query))

    server = serve(answer)
    assert ids_of(client_of(server.url).pages(endpoint())) == [7]
    assert len(server.requests) == 3


def test_a_list_that_never_has_the_meta_it_should_have_is_an_error(serve, client_of):
    server = serve(lambda _: Response({"data": []}))
    with pytest.raises(BrokenBody, match="/v1/things answered 200, but with a page without the"):
        list(client_of(server.url).pages(endpoint()))


def test_a_list_without_pages_gets_no_paging_parameters(serve, client_of):
    server = serve(lambda _: Response({"data": [row(1)]}))
    list(client_of(server.url).pages(endpoint(style=PageStyle.NONE, has_meta=False)))
    assert server.requests[0].query == {}


def test_edge_connectors_are_paged_in_their_own_words(serve, client_of):
    def answer(request):
        renamed = {
            "page[number]": request.query["page"],
            "page[size]": request.query["per_page"],
        }
        return Response(numbered_page([row(i) for i in range(130)], renamed))

    wanted = endpoint("/v1/edge_connectors", PageStyle.PAGE_PER_PAGE)
    assert set(ids_of(client_of(serve(answer).url).pages(wanted))) == set(range(130))


def test_an_answer_that_is_one_object_is_one_record(serve, client_of):
    server = serve(lambda _: Response({"data": row(7)}))
    wanted = endpoint("/v1/ip_ranges", PageStyle.NONE, has_meta=False)
    assert ids_of(client_of(server.url).pages(wanted)) == [7]


@pytest.mark.parametrize("next_page", [1, 2])
def test_a_list_that_runs_in_circles_is_an_error(serve, client_of, next_page):
    def answer(_):
        meta = {"next_page": next_page, "total_count": 50}
        return Response({"data": [row(1), row(2)], "meta": meta})

    with pytest.raises(IncompleteRead, match="/v1/things"):
        list(client_of(serve(answer).url).pages(endpoint()))


def test_a_list_that_always_answers_the_same_page_is_an_error(serve, client_of):
    def answer(request):
        meta = {"next_page": int(request.query["page[number]"]) + 1, "total_count": 5000}
        return Response({"data": [row(1), row(2)], "meta": meta})

    server = serve(answer)
    with pytest.raises(IncompleteRead, match="same page again"):
        list(client_of(server.url).pages(endpoint()))
    assert len(server.requests) < 10


def test_fewer_rows_than_the_list_says_it_has_is_an_error(serve, client_of):
    def answer(request):
        page = numbered_page([row(i) for i in range(150)], request.query)
        page["meta"]["total_count"] = 160
        return Response(page)

    with pytest.raises(IncompleteRead, match="150 rows came where the list says it has 160"):
        list(client_of(serve(answer).url).pages(endpoint()))


class Changing:
    """A list, newest first, in which rows come and go with every request."""

    def __init__(self, count: int, seed: int, script: str) -> None:
        self.rows = list(range(count, 0, -1))
        self.always = set(self.rows)
        self.newest = count
        self.random = random.Random(seed)
        self.script = script
        self.requests = 0

    def __call__(self, request):
        body = numbered_page([row(i) for i in self.rows], request.query)
        self.change(self.script[self.requests % len(self.script)])
        self.requests += 1
        return Response(body)

    def change(self, kind: str) -> None:
        if kind in "dx" and self.rows:
            position = 0 if self.requests % 2 else self.random.randrange(len(self.rows))
            self.always.discard(self.rows.pop(position))
        if kind in "ix":
            self.newest += 1
            self.rows.insert(0, self.newest)


@pytest.mark.parametrize("script", ["d", "i", "x", "di", "ddi", "iid", "xd", "ddd-", "xxi-"])
@pytest.mark.parametrize("size", [10, 100])
def test_no_row_that_was_there_throughout_is_lost(serve, client_of, script, size):
    for seed in range(3):
        changing = Changing(437, seed, script)
        client = client_of(serve(changing).url, page_size=size)
        read = set(ids_of(client.pages(endpoint(sort="created_at"))))
        assert changing.always <= read
        assert changing.requests < 3 * 437 / size + 5


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    count=st.integers(0, 60),
    size=st.integers(1, 12),
    seed=st.integers(0, 999),
    script=st.text(alphabet="dix-", min_size=1, max_size=8),
)
def test_whatever_moves_rows_are_complete_or_the_reading_fails(
    client_of, count, size, seed, script
):
    changing = Changing(count, seed, script)
    server = Server(changing)
    try:
        client = client_of(server.url, page_size=size)
        try:
            read = set(ids_of(client.pages(endpoint(sort="created_at"))))
        except IncompleteRead:
            return
        assert changing.always <= read
    finally:
        server.close()


def changed_once(rows, change, *, counts):
    """A list that changes between its first page and its second."""

    def answer(request):
        body = numbered_page([row(i) for i in rows], request.query)
        if not counts:
            body["meta"] = {}
        if request.query["page[number]"] == "1":
            change(rows)
        return Response(body)

    return answer


def test_a_deletion_that_a_new_row_makes_up_for_hides_no_row_of_a_list_without_order(
    serve, client_of
):
    def change(rows):
        if 3 in rows:
            rows.remove(3)
            rows.append(1000)

    server = serve(changed_once(list(range(130)), change, counts=True))
    assert set(range(130)) <= set(ids_of(client_of(server.url).pages(endpoint())))
    assert len(server.requests) == 3


@pytest.mark.parametrize("count", [100, 130, 250])
def test_a_deletion_hides_no_row_of_a_list_that_counts_nothing(serve, client_of, count):
    def change(rows):
        for gone in {3, 4, 5}.intersection(rows):
            rows.remove(gone)

    server = serve(changed_once(list(range(count)), change, counts=False))
    assert set(range(count)) == set(ids_of(client_of(server.url).pages(UNCOUNTED)))
