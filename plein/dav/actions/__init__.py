# SPDX-License-Identifier: AGPL-3.0-or-later
"""What devices do: bring in, change, take off; and the keys by which they come in."""
