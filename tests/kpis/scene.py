"""A campaign under way: a signed brief with targets, imported calls and the daily facts that follow from them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from engagements.models import BriefMetric, CampaignBrief, Kept
from engagements.outcomes import Outcome
from engagements.stages import Stage
from engagements.terms import STANDARD_METRICS
from kpis.models import CallRecord, DailyFact, Disposition, Import, LeadSource
from milestones.models import Glance
from tests.factories import Cast
from tests.stage import backstage

# Day 30 of the cast's engagement is 31 March, day 60 is 30 April; this is noon in its zone.
DAY_30 = datetime(2026, 3, 31, 16, tzinfo=UTC)
DAY_60 = datetime(2026, 4, 30, 16, tzinfo=UTC)
TARGETS = {
    "contact_rate": "0.12",
    "qualification_rate": "0.30",
    "transfer_set_rate": "0.60",
    "show_rate": "0.65",
}
# Dials to closes of one day: contact and show rate are below target, the others above; closes have none.
WEAK_DAY = (500, 50, 20, 15, 8, 2)
GOOD_DAY = (500, 70, 28, 20, 15, 3)
COLUMNS = ("dials", "contacts", "qualified", "transfers", "shows", "closes")


def sign_brief(cast: Cast, version: int = 1, targets: Mapping[str, str] = TARGETS) -> CampaignBrief:
    """A version of the brief that both sides have signed; the campaign is cleared to launch."""
    with backstage():
        cast.engagement.passed_day = 10
        cast.engagement.save(update_fields=["passed_day"])
        brief = CampaignBrief.objects.create(
            engagement=cast.engagement,
            version=version,
            content_hash=f"{version:064d}",
            created_by=cast.campaign_manager,
            signed_at=datetime(2026, 3, 4, tzinfo=UTC),
        )
        BriefMetric.objects.bulk_create(
            BriefMetric(
                engagement=cast.engagement,
                brief=brief,
                position=position,
                key=metric.key,
                label=metric.label,
                numerator=metric.numerator,
                denominator=metric.denominator,
                target=Decimal(targets[metric.key]) if metric.key in targets else None,
            )
            for position, metric in enumerate(STANDARD_METRICS)
        )
    return brief


def source(cast: Cast, name: str) -> LeadSource:
    return LeadSource.objects.get_or_create(engagement=cast.engagement, name=name)[0]


def day_of(cast: Cast, number: int) -> date:
    """The date of an engagement day from 11 on."""
    return cast.engagement.launch_on + timedelta(days=number - 11)


def write_facts(
    cast: Cast, counts: Sequence[int | None], days: Sequence[int], source_name: str = "Web form"
) -> None:
    """Daily facts without rows behind them, for pages that read only facts."""
    with backstage():
        # What is kept of an engagement counts until its trail has a new line; this leaves none.
        for copy in (Kept, Glance):
            copy.objects.filter(engagement=cast.engagement).delete()
        origin = source(cast, source_name) if source_name else None
        DailyFact.objects.bulk_create(
            DailyFact(
                engagement=cast.engagement,
                day=day_of(cast, day),
                source=origin,
                **dict(zip(COLUMNS, counts, strict=True)),
            )
            for day in days
        )


def write_import(cast: Cast, days: Sequence[int], name: str = "march.csv") -> Import:
    """A finished import that tells every stage."""
    with backstage():
        return Import.objects.create(
            engagement=cast.engagement,
            preset="tollgate",
            source_zone=cast.engagement.zone,
            measures=[stage.key for stage in Stage],
            file_name=name,
            path=f"imports/{name}",
            sha256=f"{abs(hash(name)):064x}"[:64],
            size=1000,
            accepted=1,
            rejected=0,
            duplicates=0,
            dials=1,
            first_day=day_of(cast, days[0]),
            last_day=day_of(cast, days[-1]),
            created_by=cast.campaign_manager,
            finished_at=datetime(2026, 3, 31, 12, tzinfo=UTC),
        )


def write_calls(
    cast: Cast, made: Import, day: int, depths: Sequence[Stage], source_name: str = "Web form"
) -> None:
    """One call row per depth, and no facts."""
    with backstage():
        origin = source(cast, source_name) if source_name else None
        code, _ = Disposition.objects.get_or_create(
            engagement=cast.engagement, system="tollgate", code="XFER", outcome=Outcome.TRANSFER_SET
        )
        start = CallRecord.objects.count()
        CallRecord.objects.bulk_create(
            CallRecord(
                engagement=cast.engagement,
                batch=made,
                call_key=start + number,
                row_no=number + 2,
                day=day_of(cast, day),
                source=origin,
                disposition=code,
                depth=depth,
                lead_ref=f"L-{number}",
            )
            for number, depth in enumerate(depths)
        )
