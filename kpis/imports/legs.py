"""Several rows that are one call: its legs, joined into the call they make together."""

import polars as pl


def joined(accepted: pl.DataFrame) -> pl.DataFrame:
    """One row per call key: outcome and agent of the leg that came furthest, time and number of the first one.

    Legs overlap, so durations are the longest leg's, not a sum. What the furthest leg does not say, another may.
    """
    several = pl.len().over("call_key") > 1
    legs = accepted.filter(several)
    if legs.is_empty():
        return accepted
    started = legs.sort("called_at", "day", "row_no", nulls_last=True, maintain_order=True)
    first = started.group_by("call_key", maintain_order=True).agg(
        pl.col("called_at", "day", "hour", "doubled").first(), pl.col("phone").drop_nulls().first()
    )
    longest = [name for name in ("duration_s", "talk_s", "wrap_s") if name in accepted.columns]
    rest = [
        name
        for name in accepted.columns
        if name not in {"call_key", "row_no", "called_at", "day", "hour", "doubled", "phone", "code", "outcome",
                        "depth", "dials", *longest}
    ]  # fmt: skip
    furthest = (
        legs.sort(["depth", "row_no"], descending=[True, False], maintain_order=True)
        .group_by("call_key", maintain_order=True)
        .agg(
            pl.col("row_no").min(),
            pl.col("code", "outcome", "depth").first(),
            pl.col("dials").max(),
            pl.col(longest).max(),
            pl.col(rest).drop_nulls().first(),
        )
    )
    calls = furthest.join(first, on="call_key").select(accepted.columns)
    return pl.concat([accepted.filter(~several), calls]).sort("row_no")
