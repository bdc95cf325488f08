# SPDX-License-Identifier: AGPL-3.0-or-later
"""The process that opens foreign files, within limits it cannot pass; started by reader.py, never by hand."""

import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

from plein.channels.connectors.mail.charsets import clean
from plein.documents.files.documents import documents_in
from plein.documents.files.letters import Eyes
from plein.documents.files.limits import Limits, NothingToRead, Refused
from plein.documents.files.texts import text_of
from plein.documents.files.wire import to_json


def read_one(path: str, name: str, limits: Limits) -> dict[str, Any]:
    """What is in one file; whatever is wrong with it becomes a sentence, never an exception."""
    eyes = Eyes(limits)
    try:
        if Path(path).stat().st_size > limits.file:
            raise Refused("This file is larger than files are read.")
        data = Path(path).read_bytes()
        kind, text = text_of(data, name, limits, eyes)
    except NothingToRead as nothing:
        return {"state": "empty", "reason": str(nothing)}
    except Refused as refusal:
        return {"state": "refused", "reason": clean(str(refusal))[:300]}
    except MemoryError:
        return {"state": "refused", "reason": "This file needs more memory than reading may use."}
    except OSError as trouble:
        return {"state": "refused", "reason": f"This file cannot be opened: {trouble.strerror or trouble}."}
    except Exception as trouble:  # a foreign file must end in a sentence, whatever is wrong with it
        return {"state": "refused", "reason": clean(f"This file could not be understood ({type(trouble).__name__}).")}
    seen = {"reason": eyes.flaw, "is_blind": eyes.are_blind} if eyes.flaw else {}
    found = {"state": "read" if text else "empty", "kind": kind, "text": clean(text)}
    return found | seen | _records(data, name, limits)


def _records(data: bytes, name: str, limits: Limits) -> dict[str, Any]:
    """The invoices and statements in a file; one that is nearly one says why it is not."""
    try:
        return {"records": [to_json(one) for one in documents_in(data, name, limits)]}
    except Refused as refusal:
        return {"flaw": clean(str(refusal))[:300]}
    except MemoryError:
        return {"flaw": "This file needs more memory than reading may use."}
    except Exception as trouble:  # a foreign file must end in a sentence, whatever is wrong with it
        return {"flaw": clean(f"This file could not be understood ({type(trouble).__name__}).")}


def main() -> int:
    """Read the order from standard input, answer with lines of JSON on standard output."""
    order = json.load(sys.stdin)
    limits = Limits(**order["limits"])
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    # Whatever else prints must not end up between the answers.
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as pipe:
        os.dup2(2, 1)
        for path, name in order["files"]:
            signal.setitimer(signal.ITIMER_PROF, limits.seconds)
            answer = read_one(path, name, limits)
            signal.setitimer(signal.ITIMER_PROF, 0)
            pipe.write(json.dumps(answer) + "\n")
            pipe.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
