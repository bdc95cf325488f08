# SPDX-License-Identifier: AGPL-3.0-or-later
"""`plein recognise --moments`: looks at the texts of contact moments that wait, as everybody with a seat, each at what
they may see. It says how far it is; whoever stops it goes on another time where it was.
"""

import argparse
import time

from plein.cli.people import user_named
from plein.cli.speech import hand_over, say, tell
from plein.moments.recogniser import Recogniser
from plein.trust.queries import every_seat
from plein.trust.seats import NoSeat

#: Seconds between two words on how far it is.
EVERY = 5


def catch_up(arguments: argparse.Namespace) -> int:
    """Look at all that waits."""
    chosen = user_named(arguments.email) if arguments.email else None
    began, done = time.monotonic(), 0
    for seat in every_seat():
        if not (seat.is_active and seat.user.is_active) or (chosen is not None and seat.user.id != chosen.id):
            continue
        turn = Recogniser(seat.user, seat.workspace_id, door="cli", on_progress=_Progress(seat.workspace, done))
        try:
            done += turn.run(tier=arguments.tier)
        except NoSeat:
            continue
    seconds = time.monotonic() - began
    if arguments.json:
        hand_over({"texts": done, "seconds": round(seconds, 1)})
    else:
        tell(f"{done} texts looked at in {seconds:.0f} s.")
    return 0


class _Progress:
    """Says now and then how far it is."""

    def __init__(self, workspace: str, before: int) -> None:
        self.workspace, self.before = workspace, before
        self.spoke = time.monotonic()

    def __call__(self, done: int) -> None:
        if time.monotonic() - self.spoke >= EVERY:
            self.spoke = time.monotonic()
            say(f"{self.workspace}: {self.before + done} texts so far")
