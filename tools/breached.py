# SPDX-License-Identifier: AGPL-3.0-or-later
"""Makes plein/trust/breached/passwords.bin from a list of passwords, one a line: sorted beginnings of their hashes.

Usage: python tools/breached.py LIST. The list that is shipped, its licence and its date stand beside the file.
"""

import hashlib
import sys
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "plein" / "trust" / "breached" / "passwords.bin"
BYTES, SHORTEST = 6, 4


def main() -> None:
    """Write the file anew."""
    text = Path(sys.argv[1]).read_text(encoding="utf-8", errors="replace")
    words = {line.strip().lower() for line in text.splitlines()}
    hashes = {hashlib.sha256(word.encode()).digest()[:BYTES] for word in words if len(word) >= SHORTEST}
    TARGET.write_bytes(b"".join(sorted(hashes)))


if __name__ == "__main__":
    main()
