# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is on the devices of a colleague."""
