"""A call's key: 8 bytes that are the same whenever the same call is imported again."""

from hashlib import blake2b
from struct import unpack

import polars as pl

from kpis.imports.presets import Preset

SEPARATOR = "\x1f"


def with_identity(frame: pl.DataFrame, preset: Preset) -> pl.DataFrame:
    """`frame` with `call_key` (signed 64-bit): of the fields that identify a call, or of the whole row and
    its day.

    The time counts as it is written, so that a file imported under another zone is still the same calls.
    """
    if preset.key:
        parts = [pl.col(name).fill_null("") for name in preset.key]
    else:
        parts = [pl.col("cells").list.join(SEPARATOR), pl.col("day").cast(pl.String).fill_null("")]
    text = frame.select(pl.concat_str([pl.lit(preset.name), *parts], separator=SEPARATOR)).to_series()
    return frame.with_columns(pl.Series("call_key", keys(text), dtype=pl.Int64))


def with_occurrences(frame: pl.DataFrame) -> pl.DataFrame:
    """Keys of a file without call ids: the second and later ones of identical rows get keys of their own.

    The n-th of them has the same key in every file that holds it, so importing again adds nothing.
    """
    nth = frame.select(pl.int_range(pl.len()).over("call_key")).to_series()
    if not (nth > 0).any():
        return frame
    fresh = [
        known if n == 0 else key(f"{known}{SEPARATOR}{n}")
        for known, n in zip(frame["call_key"].to_list(), nth.to_list(), strict=True)
    ]
    return frame.with_columns(pl.Series("call_key", fresh, dtype=pl.Int64))


def keys(texts: pl.Series) -> list[int]:
    """The key of each text, as `key` gives it, without a Python call for each beyond the hash itself."""
    digests = b"".join([blake2b(text, digest_size=8).digest() for text in texts.cast(pl.Binary)])
    return list(unpack(f">{len(texts)}q", digests))


def key(text: str) -> int:
    """Eight bytes of BLAKE2b as PostgreSQL's bigint."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
