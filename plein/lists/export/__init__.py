# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a list shows, as a file: CSV, a spreadsheet or JSON, written while it is read."""
