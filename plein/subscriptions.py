# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which jobs follow which events: every reaction across domains, on one page.

A job is enqueued inside the transaction of the action that published the event; when that rolls back, so does the job.
"""

from plein.channels.events import ImportPlanned, ImportResumed, ImportTurnedBack
from plein.core.events import subscribe
from plein.moments import tasks as moments

subscribe(ImportPlanned, moments.enqueue_scan)
subscribe(ImportResumed, moments.enqueue_import)
subscribe(ImportTurnedBack, moments.enqueue_undo)
