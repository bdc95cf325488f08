# SPDX-License-Identifier: AGPL-3.0-or-later
from plein.lists.bulk.models import BulkBatch, BulkFailure, BulkRun, BulkState

__all__ = ["BulkBatch", "BulkFailure", "BulkRun", "BulkState"]
