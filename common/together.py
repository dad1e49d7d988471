"""Queries that Django words once in a process.

To word a query takes it as long as the database takes to answer: a page that asks a few small things, the same at each
look, spends most of its time on that. No two of the values that a query is worded with (`given`) are equal, and nothing
else in it is equal to one: they mark their places, and are of the kinds that come there.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import QuerySet

type Places = list[tuple[str, Any]]


def _worded(queryset: QuerySet[Any, Any], given: Mapping[str, Any]) -> tuple[str, Places]:
    """A query's words, and what stands in each of its places: something of a name, or always the same."""
    names = {(type(value), value): name for name, value in given.items()}
    sql, params = queryset.query.sql_with_params()
    return sql, [(names.get((type(value), value), ""), value) for value in params]


def _answer(sql: str, places: Places, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [given[name] if name else value for name, value in places])
        return list(cursor.fetchall())


class Worded:
    """One query, as `make` says it, of `values_list(…)` whose values need nothing done to them."""

    def __init__(self, make: Callable[..., QuerySet[Any, Any]], **given: Any) -> None:
        self.make, self.given = make, given

    @cached_property
    def _said(self) -> tuple[str, Places]:
        return _worded(self.make(**self.given), self.given)

    def rows(self, **given: Any) -> list[tuple[Any, ...]]:
        """Its rows. One statement."""
        return _answer(*self._said, given)


class Together:
    """Several queries in one statement, by their names as `make` says them, each of `values(…)`.

    Rows come as JSON has them: moments, days and ids of pages as text.
    """

    def __init__(self, make: Callable[..., Mapping[str, QuerySet[Any, Any]]], **given: Any) -> None:
        self.make, self.given = make, given

    @cached_property
    def _said(self) -> tuple[tuple[str, ...], str, Places]:
        parts: dict[str, str] = {}
        places: Places = []
        for name, queryset in self.make(**self.given).items():
            sql, there = _worded(queryset, self.given)
            parts[name] = f"(SELECT json_agg(row_to_json(asked)) FROM ({sql}) AS asked)"  # noqa: S608  Django's words
            places += there
        return tuple(parts), f"SELECT {', '.join(parts.values())}", places

    def rows(self, **given: Any) -> dict[str, list[dict[str, Any]]]:
        """The rows of each query. One statement."""
        names, sql, places = self._said
        [found] = _answer(sql, places, given)
        return {name: rows or [] for name, rows in zip(names, found, strict=True)}
