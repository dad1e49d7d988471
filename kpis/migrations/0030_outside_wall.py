"""A dialer's own totals and reviews from elsewhere behind the wall, for good."""

from django.db import migrations

from tenancy.operations import append_only, engagement_table, same_engagement


class Migration(migrations.Migration):
    dependencies = [("kpis", "0029_outside_totals_and_reviews")]

    operations = [
        engagement_table("kpis_saidtotal"),
        append_only("kpis_saidtotal"),
        same_engagement("kpis_saidtotal", "sheet_id", "kpis_sheet"),
        engagement_table("kpis_outsidereview"),
        append_only("kpis_outsidereview"),
        same_engagement("kpis_outsidereview", "sheet_id", "kpis_sheet"),
        same_engagement("kpis_outsidereview", "drawn_id", "kpis_qacall"),
    ]
