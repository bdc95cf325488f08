# SPDX-License-Identifier: AGPL-3.0-or-later
"""How many calls of programs are taken: `python -m bench.hooks ADDRESS SECRET` calls a hook of a Plein of your own.

It signs calls by Standard Webhooks and sends them over several connections, one call of a hundred twice. Run it against
a hook that was made with `plein hooks add NAME --map id=/id --map phone=/from --json`; what it tells stays there.
"""

import argparse
import base64
import hmac
import http.client
import json
import secrets
import sys
import threading
import time
from collections import Counter
from urllib.parse import urlsplit

GOAL_A_SECOND = 500
TWICE = 100


def signed(key: bytes, name: str, body: bytes) -> dict[str, str]:
    """The headers of a call."""
    stamp = str(int(time.time()))
    mark = hmac.digest(key, f"{name}.{stamp}.".encode() + body, "sha256")
    return {
        "content-type": "application/json",
        "webhook-id": name,
        "webhook-timestamp": stamp,
        "webhook-signature": "v1," + base64.b64encode(mark).decode(),
    }


def call(address: str, key: bytes, numbers: range, run: str, answers: Counter[int]) -> None:
    """Send these calls over one connection."""
    parts = urlsplit(address)
    line = http.client.HTTPConnection(parts.netloc, timeout=120)
    for number in numbers:
        body = json.dumps({"id": f"{run}-{number}", "from": f"+3161{number % 5000:07}", "text": "Hallo"}).encode()
        for _time in range(2 if number % TWICE == 0 else 1):
            line.request("POST", parts.path, body, signed(key, f"{run}-{number}", body))
            answer = line.getresponse()
            answer.read()
            answers[answer.status] += 1


def main() -> int:
    """Call, and say how fast it was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("secret")
    parser.add_argument("--calls", type=int, default=5000)
    parser.add_argument("--lines", type=int, default=8)
    given = parser.parse_args()
    key, run = base64.b64decode(given.secret.removeprefix("whsec_")), secrets.token_hex(4)
    answers: list[Counter[int]] = [Counter() for _line in range(given.lines)]
    callers = [
        threading.Thread(
            target=call, args=(given.address, key, range(place, given.calls, given.lines), run, answers[place])
        )
        for place in range(given.lines)
    ]
    began = time.perf_counter()
    for one in callers:
        one.start()
    for one in callers:
        one.join()
    seconds = time.perf_counter() - began
    told = sum(answers, Counter())
    twice = len(range(0, given.calls, TWICE))
    rate = told.total() / seconds
    sys.stdout.write(f"answers: {dict(told)}; new {told[202]} of {given.calls}, known {told[200]} of {twice}\n")
    sys.stdout.write(f"{rate:.0f} a second over {given.lines} connections, goal {GOAL_A_SECOND}\n")
    return 0 if (told[202], told[200]) == (given.calls, twice) else 1


if __name__ == "__main__":
    sys.exit(main())
