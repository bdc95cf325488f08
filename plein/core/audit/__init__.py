# SPDX-License-Identifier: AGPL-3.0-or-later
"""The audit log: who looked, took along, came in, and changed what others may do and see."""

from plein.core.audit.noting import (
    InACircle,
    KeptLooks,
    Shown,
    arriving_with,
    audit,
    audit_apart,
    audit_glimpses,
    audit_kept,
    audit_look,
    audit_taken,
    coming_from,
    forget_glimpses,
    glimpsing,
    looks_to_keep,
)
from plein.core.chain import Arrival, Fact, NotForTheLog, keyed

__all__ = [
    "Arrival",
    "Fact",
    "InACircle",
    "KeptLooks",
    "NotForTheLog",
    "Shown",
    "arriving_with",
    "audit",
    "audit_apart",
    "audit_glimpses",
    "audit_kept",
    "audit_look",
    "audit_taken",
    "coming_from",
    "forget_glimpses",
    "glimpsing",
    "keyed",
    "looks_to_keep",
]
