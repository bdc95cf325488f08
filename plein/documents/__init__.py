# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands in files: their words, to be found; invoices and bank statements, as records of whom they are with."""
