# SPDX-License-Identifier: AGPL-3.0-or-later
"""Keeps bytes on disk under their own SHA-256 until the importer has taken them over."""

import hashlib
import os
from pathlib import Path
from uuid import uuid4


def keep(spool: Path, data: bytes) -> str:
    """Write bytes into the spool, once, and return their SHA-256."""
    digest = hashlib.sha256(data).hexdigest()
    target = spool / digest
    if not target.exists():
        partial = spool / f".{digest[:16]}-{uuid4().hex[:12]}.part"
        try:
            partial.write_bytes(data)
            os.replace(partial, target)
        finally:
            partial.unlink(missing_ok=True)
    return digest
