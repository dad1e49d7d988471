"""Several queries in one statement, which Django words once in a process.

To word a query takes it as long as the database takes to answer: a page that asks a few small things, the same at each
look, spends most of its time on that.
"""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import QuerySet


class Together:
    """Queries by their names, as `make` says them, each `values(…)`; `given` are values of the kinds that it takes.

    No two of `given` are equal, and nothing else in the queries is equal to one: they mark its places. Rows come as
    JSON has them: moments, days and ids of pages as text.
    """

    def __init__(self, make: Callable[..., Mapping[str, QuerySet[Any, Any]]], **given: Any) -> None:
        self.make, self.given = make, given

    @cached_property
    def _worded(self) -> tuple[tuple[str, ...], str, list[tuple[str, Any]]]:
        parts, places = {}, []
        names = {(type(value), value): name for name, value in self.given.items()}
        for name, queryset in self.make(**self.given).items():
            sql, params = queryset.query.sql_with_params()
            parts[name] = f"(SELECT json_agg(row_to_json(asked)) FROM ({sql}) AS asked)"  # noqa: S608  Django's words
            places += [(names.get((type(value), value), ""), value) for value in params]
        return tuple(parts), f"SELECT {', '.join(parts.values())}", places

    def rows(self, **given: Any) -> dict[str, list[dict[str, Any]]]:
        """The rows of each query. One statement."""
        names, sql, places = self._worded
        with connection.cursor() as cursor:
            cursor.execute(sql, [given[name] if name else value for name, value in places])
            return {name: rows or [] for name, rows in zip(names, cursor.fetchone(), strict=True)}
