# SPDX-License-Identifier: AGPL-3.0-or-later
"""Matrix: what is said in the rooms that an account is in, and answering there."""
