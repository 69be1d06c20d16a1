"""Panels that somebody might put together, from what a workspace has: by Hypothesis."""

from typing import Any

from hypothesis import strategies as st

from rootly_assets.panels.vocabulary import (
    ATTRIBUTES,
    FROM_THE_ONE_BEFORE,
    KEYED,
    MEASURES,
)
from rootly_assets.sandbox.company.settings.samples import Sample

DISPLAYS = (
    *("line_chart", "line_stepped_chart", "column_chart", "stacked_column_chart"),
    *("monitoring_chart", "pie_chart", "table", "aggregate_value"),
)
ANY = ("=", "!=", "contains", "not_contains", "exists", "not_exists")
WORDS = st.sampled_from(["and", "or"])


def panels(samples: dict[str, list[Sample]]) -> st.SearchStrategy[dict[str, Any]]:
    """`params` of panels over the collections of a workspace, with members that it has, and some it has not."""
    return st.builds(
        lambda display, datasets: {
            "display": display,
            "datasets": [{**each, "name": f"D{place}"} for place, each in enumerate(datasets)],
        },
        st.sampled_from(DISPLAYS),
        st.lists(
            st.sampled_from(sorted(samples)).flatmap(lambda name: _dataset(name, samples[name])),
            min_size=1,
            max_size=2,
        ),
    )


def _dataset(collection: str, samples: list[Sample]) -> st.SearchStrategy[dict[str, Any]]:
    members: dict[str, list[str]] = {}
    for sample in samples:
        for attribute, found in sample.facets.items():
            members.setdefault(attribute, []).extend(found)
    named = sorted(ATTRIBUTES[collection] | members.keys())
    keyed = sorted(name for name in named if collection in KEYED.get(name.partition(":")[0], ()))
    groups = st.none() | st.sampled_from([name for name in named if name not in keyed] or [None])
    if keyed:
        groups |= st.sampled_from(keyed).map(
            lambda name: dict(zip(("key", "value"), name.split(":", 1), strict=True))
        ) | st.sampled_from(keyed)
    rules = _rules(collection, named, members, keyed)
    filters = st.lists(
        st.fixed_dictionaries({"operation": WORDS, "rules": st.lists(rules, max_size=3)}),
        max_size=2,
    )
    some = st.fixed_dictionaries(
        {
            "collection": st.just(collection),
            "filter": filters,
            "group_by": groups,
            "aggregate": _aggregates(set(MEASURES[collection]) - FROM_THE_ONE_BEFORE),
        }
    )
    every = st.fixed_dictionaries(
        {
            "collection": st.just(collection),
            "filter": st.just([]),
            "group_by": st.none(),
            "aggregate": _aggregates(set(MEASURES[collection])),
        }
    )
    return some | every


def _aggregates(measures: set[str]) -> st.SearchStrategy[dict[str, Any] | None]:
    keys = st.sampled_from(sorted(measures))
    counted = st.fixed_dictionaries(
        {"operation": st.sampled_from(["count", "sum"]), "key": keys, "cumulative": st.booleans()}
    )
    mean = st.fixed_dictionaries(
        {"operation": st.just("average"), "key": keys, "cumulative": st.just(False)}
    )
    return st.none() | counted | mean


def _rules(
    collection: str, named: list[str], members: dict[str, list[str]], keyed: list[str]
) -> st.SearchStrategy[dict[str, Any]]:
    choices: list[st.SearchStrategy[dict[str, Any]]] = [
        st.fixed_dictionaries({"operation": WORDS, "condition": st.just("=")})  # a blank line
    ]
    if named:
        choices.append(st.sampled_from(named).flatmap(lambda key: _rule(key, members.get(key, []))))
    measures = [key for key in MEASURES[collection] if key != "results"]
    if measures:
        choices.append(
            _made(
                st.sampled_from(measures),
                st.sampled_from(["=", "!=", ">=", "<=", "exists", "not_exists"]),
                st.integers(0, 20_000).map(str),
            )
        )
    assigned = st.sampled_from(["assigned", "unassigned"])
    if keyed:
        choices.append(_made(st.sampled_from(keyed), assigned, st.none()))
        split = st.sampled_from(keyed).map(lambda name: tuple(name.split(":", 1)))
        choices.append(
            split.flatmap(lambda pair: _made(st.just(pair[0]), assigned, st.just(pair[1])))
        )
        roles = [name.split(":", 1)[1] for name in keyed if name.startswith("incident_role:")]
        if roles:
            choices.append(_made(st.sampled_from(roles), assigned, st.none()))
    return st.one_of(choices)


def _rule(key: str, members: list[str]) -> st.SearchStrategy[dict[str, Any]]:
    values = st.sampled_from(sorted(set(members)) or ["nobody"]) | st.sampled_from(["", "a", "12"])
    number = st.integers(0, 500).map(str)
    return _made(st.just(key), st.sampled_from(ANY), values) | _made(
        st.just(key), st.sampled_from([">=", "<="]), number
    )


def _made(
    key: st.SearchStrategy[str],
    condition: st.SearchStrategy[str],
    value: st.SearchStrategy[Any],
) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"operation": WORDS, "key": key, "condition": condition, "value": value}
    )
