# SPDX-License-Identifier: AGPL-3.0-or-later
"""Identifiers and the clock: the one seam through which tests can freeze both."""

import os
import time
from datetime import UTC, datetime
from uuid import UUID


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562 section 5.7): random enough to be public, ordered enough to be a good index key.

    The 12 bits after the version hold the fraction of the millisecond (method 3 of section 6.2), so that
    identifiers made by one process within a millisecond keep their order.
    """
    ns = time.time_ns()
    milliseconds, rest = divmod(ns, 1_000_000)
    fraction = (rest << 12) // 1_000_000
    tail = int.from_bytes(os.urandom(8)) & 0x3FFF_FFFF_FFFF_FFFF
    value = (milliseconds & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | tail
    return UUID(int=value)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)
