# SPDX-License-Identifier: AGPL-3.0-or-later
"""Forms for websites: what a visitor fills in counts once they proved their address by a link in one mail."""
