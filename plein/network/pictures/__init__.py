# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pictures of the network: where everybody stands, and the lines between them."""
