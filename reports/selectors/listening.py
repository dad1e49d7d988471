"""What QA heard and what was seen of transfers, for the day-14 review."""

from common.wording import day_text, plural
from engagements.masking import Mask
from engagements.models import Engagement
from kpis.qa.coverage import launch_gaps, meter_text
from kpis.selectors import qa
from kpis.selectors.transfers import Transfer, supervised_days, transfer_meter, transfers
from reports.snapshots import Count, CoverageRow, Listening, TransferLog

MOST_NAMED = 40  # transfers named one by one; the page shows all


def listening(engagement: Engagement, mask: Mask) -> Listening:
    """The launch sample as it stands, also where none has been drawn."""
    sample = qa.launch_sample(engagement)
    if sample is None:
        return Listening(
            "No sample of the first live days has been drawn.", tuple(qa.sample_gaps(engagement))
        )
    sample.engagement = engagement
    found = qa.meter(sample, mask)
    told = qa.results_of(found.calls, mask)
    return Listening(
        meter=meter_text(found.total),
        gaps=tuple(launch_gaps(qa.launch_facts(engagement, found))),
        days=tuple(_row(row) for row in found.days),
        agents=tuple(_row(row) for row in found.agents),
        mean=told.mean,
        scored=told.scored,
        passed=Count(told.passing.part, told.passing.of),
        right=Count(told.codes.part, told.codes.of),
        auto_failed=tuple(
            f"{mask.of(qa.person_of(one.call.agent)) or qa.NO_AGENT}, {day_text(one.call.day)}: "
            f"{'; '.join(one.review.auto_failed)}"
            for one in qa.auto_failed(found.calls)
            if one.review
        ),
        confusions=tuple((one.recorded, one.heard, str(one.calls)) for one in told.confusions),
        agreement=tuple(
            f"{pair.one} and {pair.other} scored {plural(pair.calls, 'call')} without seeing each other's scores: "
            f"{pair.passing.agreed} passed or failed alike"
            + (
                ", too few to judge."
                if pair.too_few or pair.passing.kappa is None
                else f", kappa {pair.passing.kappa:.2f}."
            )
            for pair in qa.calibration(qa.rounds(engagement))
        ),
        seed=found.draws[0].seed if found.draws else "",
        population_sha256=found.draws[0].population_sha256 if found.draws else "",
    )


def _row(row: qa.Row) -> CoverageRow:
    done = row.coverage
    label = day_text(row.day) if row.day else row.label
    return CoverageRow(label, done.calls, done.drawn, done.reviewed, done.unheard, done.open + done.in_hand)


def transfer_log(engagement: Engagement, mask: Mask) -> TransferLog:
    """The transfers of days 11 to 14 as they stand."""
    first, last = supervised_days(engagement)
    found = transfers(engagement, first, last)
    wrong = [one for one in found if one.check and not (one.check.connected and one.check.briefed)]
    return TransferLog(
        meter=transfer_meter(engagement, first, last).sentence,
        open=tuple(_named(one, mask) for one in found if one.check is None)[:MOST_NAMED],
        failed=tuple(
            f"{_named(one, mask)}: {'connected, closer not briefed' if one.check.connected else 'did not connect'}. "
            f"{mask.text(one.check.note)}"
            for one in wrong
            if one.check
        )[:MOST_NAMED],
    )


def _named(one: Transfer, mask: Mask) -> str:
    who = mask.of(qa.person_of(one.call.agent)) or qa.NO_AGENT
    lead = f", lead {one.call.lead_ref}" if one.call.lead_ref else ""
    return f"{day_text(one.call.day)}, {who}{lead}"
