# SPDX-License-Identifier: AGPL-3.0-or-later
"""What we may do with what we know of people: data subjects, purposes, what they decided, whom never to write."""
