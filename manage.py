# SPDX-License-Identifier: AGPL-3.0-or-later
"""Django's own door, for makemigrations and the like; everything else is the `plein` command."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plein.settings")
    execute_from_command_line(sys.argv)
