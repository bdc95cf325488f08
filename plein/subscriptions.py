# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which jobs follow which events: every reaction across domains, on one page.

A job is enqueued inside the transaction of the action that published the event; when that rolls back, so does the job.
"""
