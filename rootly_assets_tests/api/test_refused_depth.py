"""A list whose deep pages Rootly refuses is read by time of creation, whole or not at all."""

import operator
import random
from datetime import UTC, datetime, timedelta

import pytest

from rootly_assets.api import IncompleteRead, Rejected

from .conftest import Response, endpoint, ids_of, numbered_page, row


def timed(count: int) -> list:
    start = datetime(2024, 3, 1, tzinfo=UTC)
    # Several rows in each second, shown to the second: ties at every boundary.
    return [
        row(i, created_at=(start + timedelta(seconds=i // 7)).isoformat()) for i in range(count)
    ][::-1]


COMPARED = {"gte": operator.ge, "lt": operator.lt, "lte": operator.le}


def refusing_depth(rows, deepest):
    def answer(request):
        if int(request.query["page[number]"]) > deepest:
            return Response({"errors": [{"detail": "page[number] is too deep"}]}, 400)
        asked = {
            compare: datetime.fromisoformat(request.query[f"filter[created_at][{name}]"])
            for name, compare in COMPARED.items()
            if f"filter[created_at][{name}]" in request.query
        }
        shown = [each for each in rows if not asked or is_shown(each, asked)]
        return Response(numbered_page(shown, request.query))

    return answer


def is_shown(each, asked) -> bool:
    text = each["attributes"]["created_at"]
    return text is not None and all(
        compare(datetime.fromisoformat(text), moment) for compare, moment in asked.items()
    )


def test_where_deep_pages_are_refused_the_rest_is_read_by_time_of_creation(serve, client_of):
    rows = timed(930)
    server = serve(refusing_depth(rows, 3))
    wanted = endpoint(sort="created_at", time_filters=("created_at",))
    read = ids_of(client_of(server.url).pages(wanted))
    assert set(read) == set(range(930))
    assert len(server.requests) < 20


WINDOWED = endpoint(time_filters=("created_at",))


def scattered(count: int) -> list:
    """Rows of some years in no order, many of them close together, shown to the second only."""
    chance = random.Random(7)
    ends = datetime(2026, 1, 1, tzinfo=UTC)
    ages = [chance.expovariate(1 / 100) * 86_400 for _ in range(count)]
    moments = [ends - timedelta(seconds=age // 3600 * 3600 + age % 7) for age in ages]
    return [row(i, created_at=each.isoformat()) for i, each in enumerate(moments)]


@pytest.mark.parametrize("size", [10, 100])
def test_where_deep_pages_of_a_list_without_order_are_refused_it_is_read_in_windows(
    serve, client_of, size
):
    server = serve(refusing_depth(scattered(1400), 4))
    pages = list(client_of(server.url, page_size=size).pages(WINDOWED))
    assert set(ids_of(pages)) == set(range(1400))
    before_the_refusal = 4 * size
    looks_across = 3 * 100
    assert len(ids_of(pages)) <= 1400 + before_the_refusal + looks_across, "each row once"
    assert len(server.requests) < 4 * 1400 / size + 30
    assert not any("sort" in each.query for each in server.requests)


def test_windows_stay_within_what_was_asked_for(serve, client_of):
    rows = scattered(1400)
    server = serve(refusing_depth(rows, 2))
    asked = {
        "filter[created_at][gte]": "2025-06-01T00:00:00Z",
        "filter[created_at][lte]": "2025-11-30T12:00:00Z",
    }
    wanted = {
        int(each["id"])
        for each in rows
        if "2025-06-01T00" <= each["attributes"]["created_at"] <= "2025-11-30T12:00:00+00:00"
    }
    assert len(wanted) > 400
    assert set(ids_of(client_of(server.url).pages(WINDOWED, asked))) == wanted


def test_rows_that_are_in_no_window_are_missed(serve, client_of):
    rows = [*scattered(1400), *(row(2000 + i, created_at=None) for i in range(3))]
    with pytest.raises(IncompleteRead, match=r"1400 rows came .* the list says it has 1403"):
        list(client_of(serve(refusing_depth(rows, 4)).url).pages(WINDOWED))


def test_a_window_that_falls_short_of_its_own_count_is_an_error(serve, client_of):
    whole = refusing_depth(scattered(1400), 4)

    def answer(request):
        response = whole(request)
        if "filter[created_at][lt]" in request.query and response.status == 200:
            response.body["data"] = response.body["data"][1:]
        return response

    with pytest.raises(IncompleteRead, match="rows came where the list says it has"):
        list(client_of(serve(answer).url).pages(WINDOWED))


def test_more_rows_of_one_second_than_can_be_reached_are_an_error(serve, client_of):
    rows = [row(i, created_at="2025-06-01T00:00:00.5Z") for i in range(500)]
    server = serve(refusing_depth(rows, 3))
    with pytest.raises(Rejected, match="created in the same second"):
        list(client_of(server.url).pages(WINDOWED))
    assert len(server.requests) < 70


def test_a_refused_deep_page_of_a_list_without_times_says_so(serve, client_of):
    server = serve(refusing_depth(timed(930), 3))
    words = r"page 4 of 100 rows each .400., and the list has no filter .* too deep"
    with pytest.raises(Rejected, match=words):
        list(client_of(server.url).pages(endpoint(sort="created_at")))


def test_a_look_across_a_boundary_that_is_refused_for_its_depth_costs_only_another_reading(
    serve, client_of
):
    rows = [row(i) for i in range(350)]
    shown = refusing_depth(rows, 4)
    asked = []

    def answer(request):
        number, size = request.query["page[number]"], request.query["page[size]"]
        if (number, size) not in asked and (number, size) == ("4", "100"):
            rows.append(row(350))
        asked.append((number, size))
        return shown(request)

    assert set(ids_of(client_of(serve(answer).url).pages(endpoint()))) == set(range(351))
    assert ("5", "66") in asked, "smaller pages have higher numbers"
