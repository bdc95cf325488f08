# SPDX-License-Identifier: AGPL-3.0-or-later
"""Threads are the same in whatever order and pieces mail comes in, because what a message answers is kept even when
that is not here yet. An address that became nobody waits as a proposal, and stays ignored once somebody said so.
"""

import django.db.models.deletion
from django.db import migrations, models

import plein.core.ids
import plein.core.isolation.context


class Migration(migrations.Migration):
    dependencies = [
        ("moments", "0002_occurred_at_in_step"),
        ("relations", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="MessageReference",
            fields=[
                (
                    "id",
                    models.UUIDField(default=plein.core.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "workspace_id",
                    models.IntegerField(default=plein.core.isolation.context.workspace_id, editable=False),
                ),
                (
                    "circle_id",
                    models.IntegerField(default=plein.core.isolation.context.default_circle_id, editable=False),
                ),
                ("external_id", models.CharField(max_length=500)),
                (
                    "moment",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="references",
                        to="moments.moment",
                    ),
                ),
            ],
            options={
                "verbose_name": "reference to a message",
                "db_table": "moments_reference",
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(fields=["workspace_id", "external_id"], name="moments_reference_external"),
                    models.Index(fields=["workspace_id", "moment"], name="moments_reference_moment"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                (
                    "id",
                    models.UUIDField(default=plein.core.ids.new_id, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "workspace_id",
                    models.IntegerField(default=plein.core.isolation.context.workspace_id, editable=False),
                ),
                (
                    "circle_id",
                    models.IntegerField(default=plein.core.isolation.context.default_circle_id, editable=False),
                ),
                ("import_id", models.UUIDField()),
                ("name", models.CharField(max_length=300)),
                ("wrote", models.IntegerField(default=0)),
                ("received", models.IntegerField(default=0)),
                (
                    "decision",
                    models.CharField(
                        choices=[("open", "not decided"), ("accepted", "made a person"), ("ignored", "ignored")],
                        default="open",
                        max_length=10,
                    ),
                ),
                (
                    "contact_point",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="+",
                        to="relations.contactpoint",
                    ),
                ),
            ],
            options={
                "verbose_name": "proposal",
                "base_manager_name": "objects",
                "indexes": [
                    models.Index(
                        fields=["workspace_id", "import_id", "decision", "-wrote", "id"], name="moments_proposal_open"
                    ),
                    models.Index(fields=["workspace_id", "contact_point"], name="moments_proposal_point"),
                ],
            },
        ),
    ]
