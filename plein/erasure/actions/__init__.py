# SPDX-License-Identifier: AGPL-3.0-or-later
"""The writes of this domain."""

from plein.erasure.actions.erasing import (
    erase_subject,
    erased_before,
    finish_erasure,
    never_back,
    subject_of,
    unfinished,
)
from plein.erasure.actions.replaying import replay

__all__ = ["erase_subject", "erased_before", "finish_erasure", "never_back", "replay", "subject_of", "unfinished"]
