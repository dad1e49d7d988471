"""Tollgate's addresses and those of the yardsticks that its pages are held against."""

from collections import defaultdict
from html import escape

from django.contrib.auth.decorators import login_required
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.urls import path

from config import urls
from engagements.models import Engagement
from kpis.models import DailyFact
from milestones.models import Gate

ROWS = 500
COLUMNS = ("Day", "Source", "Dials", "Contacts", "Rate", "Qualified", "Transfers", "Talk")

PROTOTYPE = engines["django"].from_string("""<!doctype html><html lang="en"><head><title>Portfolio</title></head>
<body><h1>Portfolio</h1><table><thead><tr><th>Engagement</th><th>Client</th><th>Operator</th><th>Kickoff</th>
<th>Next gate</th><th>Dials</th><th>Contacts</th><th>Rate</th></tr></thead><tbody>{% for row in rows %}<tr>
<td><a href="/e/{{ row.one.pk }}/">{{ row.one.campaign }}</a></td><td>{{ row.one.client.name }}</td>
<td>{{ row.one.operator.name }}</td><td>{{ row.one.kickoff_on|date:"j M Y" }}</td>
<td>{{ row.gate.title }} {{ row.gate.forecast_on|date:"j M Y" }}</td><td>{{ row.dials }}</td>
<td>{{ row.contacts }}</td><td>{{ row.rate|floatformat:1 }}%</td></tr>
{% endfor %}</tbody></table></body></html>""")


@login_required
def empty(request: HttpRequest) -> HttpResponse:
    """Somebody is logged in and has entered their tenant; nothing else."""
    return HttpResponse("")


@login_required
def frame(request: HttpRequest) -> HttpResponse:
    """The same with the frame of every page around nothing."""
    return render(request, "base.html")


@login_required
def prototype(request: HttpRequest) -> HttpResponse:
    """The bare portfolio of 50 that the peers were measured beside: four queries and a table."""
    engagements = list(Engagement.objects.select_related("client", "operator").order_by("-kickoff_on")[:50])
    ids = [one.pk for one in engagements]
    sums = {
        row["engagement_id"]: row
        for row in DailyFact.objects.filter(engagement__in=ids)
        .values("engagement_id")
        .annotate(dials=Sum("dials"), contacts=Sum("contacts"))
    }
    gates: dict[int, list[Gate]] = defaultdict(list)
    for gate in Gate.objects.filter(engagement__in=ids):
        gates[gate.engagement_id].append(gate)
    rows = []
    for one in engagements:
        found = sums.get(one.pk, {"dials": 0, "contacts": 0})
        rate = 100 * (found["contacts"] or 0) / (found["dials"] or 1)
        rows.append({"one": one, "gate": next(iter(gates[one.pk]), None), "rate": rate, **found})
    return HttpResponse(PROTOTYPE.render({"rows": rows}, request))


def cells() -> list[tuple[str, ...]]:
    """The strings of a table of 500 rows, as a page formats them in Python."""
    return [
        (
            f"Thu {n % 28 + 1} Mar",
            f"Source {n % 20}",
            f"{n * 7:,}",
            f"{n * 2:,}",
            f"{n % 100:.1f}%",
            str(n),
            str(n % 9),
            f"{n} s",
        )
        for n in range(ROWS)
    ]


def table_floor(request: HttpRequest) -> HttpResponse:
    """The table of 500 rows by f-strings: the floor."""
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in row[1:])}</tr>\n'
        for row in cells()
    )
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in COLUMNS)
    return HttpResponse(f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>")


def table(request: HttpRequest) -> HttpResponse:
    """The same by the table that every page uses."""
    return render(request, "ui/table.html", {"caption": "Rows", "columns": COLUMNS, "rows": cells()})


urlpatterns = [
    path("bench/empty/", empty),
    path("bench/frame/", frame),
    path("bench/prototype/", prototype),
    path("bench/table-floor/", table_floor),
    path("bench/table/", table),
    *urls.urlpatterns,
]
handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)
