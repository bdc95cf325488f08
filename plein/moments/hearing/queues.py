# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where visits wait for a worker."""

QUEUE = "hearing"
#: Where those wait whose last visit went wrong, for a place of their own: they keep nobody up who is well.
AGAIN = "hearing_again"
