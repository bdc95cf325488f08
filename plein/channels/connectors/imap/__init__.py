# SPDX-License-Identifier: AGPL-3.0-or-later
"""Mail of an account at a mail server, over IMAP."""
