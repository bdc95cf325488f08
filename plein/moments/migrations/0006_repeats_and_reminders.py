# SPDX-License-Identifier: AGPL-3.0-or-later
"""To-dos repeat and remind; appointments get a series, a reminder, and an index for agendas.

Two functions look over all workspaces for what a job has to do, and say only in which workspace and as which user.
"""

import django.db.models.deletion
import plein.core.ids
import plein.core.isolation.context
from django.db import migrations, models

WAITING = """
CREATE OR REPLACE FUNCTION plein_waiting_reminders() RETURNS TABLE (workspace integer, the_user uuid)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before text := coalesce(current_setting('plein.workspace', true), '');
    last integer := (SELECT last_value FROM trust_workspace_id_seq);
BEGIN
    FOR here IN 1..last LOOP
        workspace := here;
        PERFORM set_config('plein.workspace', workspace::text, true);
        FOR the_user IN
            SELECT s.user_id FROM moments_todo t
              JOIN trust_seat s ON s.workspace_id = workspace AND s.id = t.assignee_id AND s.is_active
             WHERE t.workspace_id = workspace AND t.done_at IS NULL
               AND t.remind_at <= now() AND t.remind_at > now() - interval '3 days'
               AND NOT EXISTS (SELECT FROM moments_reminded r
                                WHERE r.workspace_id = workspace AND r.todo_id = t.id AND r.seat_id = s.id
                                  AND r.at = t.remind_at)
            UNION
            SELECT s.user_id FROM moments_moment m
              JOIN moments_planning p ON p.workspace_id = workspace AND p.moment_id = m.id
               AND m.occurred_at <= now() + make_interval(mins => p.remind_before)
              JOIN trust_seat s ON s.workspace_id = workspace AND s.is_active
               AND (s.id = m.recorded_by_id OR EXISTS (
                    SELECT FROM moments_participant q
                      JOIN relations_relation r ON r.workspace_id = workspace AND r.id = q.relation_id
                     WHERE q.workspace_id = workspace AND q.moment_id = m.id AND r.seat_id = s.id))
             WHERE m.workspace_id = workspace AND m.state = 'planned'
               AND m.occurred_at > now() - interval '10 minutes' AND m.occurred_at < now() + interval '32 days'
               AND NOT EXISTS (SELECT FROM moments_reminded r
                                WHERE r.workspace_id = workspace AND r.moment_id = m.id AND r.seat_id = s.id
                                  AND r.at = m.occurred_at - make_interval(mins => p.remind_before))
        LOOP
            RETURN NEXT;
        END LOOP;
    END LOOP;
    PERFORM set_config('plein.workspace', before, true);
END $$;
CREATE OR REPLACE FUNCTION plein_short_series(until date) RETURNS TABLE (workspace integer, the_user uuid)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    before text := coalesce(current_setting('plein.workspace', true), '');
    last integer := (SELECT last_value FROM trust_workspace_id_seq);
BEGIN
    FOR here IN 1..last LOOP
        workspace := here;
        PERFORM set_config('plein.workspace', workspace::text, true);
        FOR the_user IN
            SELECT DISTINCT coalesce(
                       (SELECT s.user_id FROM trust_seat s
                         WHERE s.workspace_id = workspace AND s.id = x.planned_by_id AND s.is_active),
                       (SELECT s.user_id FROM trust_seat s
                         WHERE s.workspace_id = workspace AND s.role = 'owner' AND s.is_active ORDER BY s.id LIMIT 1))
              FROM moments_series x WHERE x.workspace_id = workspace AND x.made_until < until
        LOOP
            CONTINUE WHEN the_user IS NULL;
            RETURN NEXT;
        END LOOP;
    END LOOP;
    PERFORM set_config('plein.workspace', before, true);
END $$;
REVOKE ALL ON FUNCTION plein_waiting_reminders(), plein_short_series(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION plein_waiting_reminders(), plein_short_series(date) TO plein_app;
GRANT CREATE ON SCHEMA public TO plein_keeper;
ALTER FUNCTION plein_waiting_reminders() OWNER TO plein_keeper;
ALTER FUNCTION plein_short_series(date) OWNER TO plein_keeper;
REVOKE CREATE ON SCHEMA public FROM plein_keeper;
"""
GONE = "DROP FUNCTION plein_waiting_reminders(); DROP FUNCTION plein_short_series(date);"


class Migration(migrations.Migration):

    dependencies = [
        ('moments', '0005_mentions'),
        ('relations', '0001_initial'),
        ('trust', '0003_zone_and_start'),
    ]

    operations = [
        migrations.CreateModel(
            name='Planning',
            fields=[
                ('id', models.UUIDField(default=plein.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.IntegerField(default=plein.core.isolation.context.workspace_id, editable=False)),
                ('circle_id', models.IntegerField(default=plein.core.isolation.context.default_circle_id, editable=False)),
                ('remind_before', models.IntegerField(null=True, verbose_name='minutes before')),
                ('slot', models.DateField(null=True)),
                ('is_own', models.BooleanField(default=False)),
            ],
            options={
                'verbose_name': 'planning of an appointment',
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Reminded',
            fields=[
                ('id', models.UUIDField(default=plein.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.IntegerField(default=plein.core.isolation.context.workspace_id, editable=False)),
                ('circle_id', models.IntegerField(default=plein.core.isolation.context.default_circle_id, editable=False)),
                ('at', models.DateTimeField()),
                ('told_at', models.DateTimeField(default=plein.core.ids.now)),
            ],
            options={
                'verbose_name': 'reminder that was told',
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.UUIDField(default=plein.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('workspace_id', models.IntegerField(default=plein.core.isolation.context.workspace_id, editable=False)),
                ('circle_id', models.IntegerField(default=plein.core.isolation.context.default_circle_id, editable=False)),
                ('version', models.IntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(default=plein.core.ids.now, editable=False, verbose_name='created')),
                ('updated_at', models.DateTimeField(default=plein.core.ids.now, editable=False, verbose_name='changed')),
                ('rule', models.CharField(max_length=300, verbose_name='repeats')),
                ('starts_on', models.DateField()),
                ('time_zone', models.CharField(max_length=60)),
                ('made_until', models.DateField()),
            ],
            options={
                'verbose_name': 'series of appointments',
                'base_manager_name': 'objects',
            },
        ),
        migrations.RemoveIndex(
            model_name='moment',
            name='moments_planned',
        ),
        migrations.RemoveIndex(
            model_name='todo',
            name='moments_todo_open',
        ),
        migrations.AddField(
            model_name='todo',
            name='occurrence',
            field=models.IntegerField(db_default=1, default=1, editable=False),
        ),
        migrations.AddField(
            model_name='todo',
            name='remind_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='reminder'),
        ),
        migrations.AddField(
            model_name='todo',
            name='remind_before',
            field=models.IntegerField(blank=True, null=True, verbose_name='minutes before'),
        ),
        migrations.AddField(
            model_name='todo',
            name='repeat',
            field=models.CharField(blank=True, db_default='', default='', max_length=300, verbose_name='repeats'),
        ),
        migrations.AddField(
            model_name='todo',
            name='repeat_since',
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='todo',
            name='repeats_after',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='todo',
            name='series_id',
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name='moment',
            index=models.Index(condition=models.Q(('state', 'planned'), ('kind__in', ['visit', 'meeting']), _connector='OR'), fields=['workspace_id', 'occurred_at'], name='moments_agenda'),
        ),
        migrations.AddIndex(
            model_name='todo',
            index=models.Index(condition=models.Q(('done_at__isnull', True)), fields=['workspace_id', 'assignee', 'due_on', 'due_at', 'id'], name='moments_todo_open'),
        ),
        migrations.AddIndex(
            model_name='todo',
            index=models.Index(condition=models.Q(('done_at__isnull', False)), fields=['workspace_id', 'assignee', '-done_at'], name='moments_todo_done'),
        ),
        migrations.AddIndex(
            model_name='todo',
            index=models.Index(condition=models.Q(('done_at__isnull', True), ('remind_at__isnull', False)), fields=['workspace_id', 'remind_at'], name='moments_todo_remind'),
        ),
        migrations.AddIndex(
            model_name='todo',
            index=models.Index(condition=models.Q(('series_id__isnull', False)), fields=['workspace_id', 'series_id', 'occurrence'], name='moments_todo_series'),
        ),
        migrations.AddField(
            model_name='planning',
            name='moment',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, related_name='plannings', to='moments.moment'),
        ),
        migrations.AddField(
            model_name='reminded',
            name='moment',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DB_CASCADE, to='moments.moment'),
        ),
        migrations.AddField(
            model_name='reminded',
            name='seat',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DB_CASCADE, to='trust.seat'),
        ),
        migrations.AddField(
            model_name='reminded',
            name='todo',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DB_CASCADE, to='moments.todo'),
        ),
        migrations.AddField(
            model_name='series',
            name='planned_by',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DB_SET_NULL, related_name='+', to='trust.seat'),
        ),
        migrations.AddField(
            model_name='planning',
            name='series',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DB_SET_NULL, related_name='plannings', to='moments.series'),
        ),
        migrations.AddIndex(
            model_name='reminded',
            index=models.Index(fields=['workspace_id', 'todo'], name='moments_reminded_todo'),
        ),
        migrations.AddIndex(
            model_name='reminded',
            index=models.Index(fields=['workspace_id', 'moment'], name='moments_reminded_moment'),
        ),
        migrations.AddConstraint(
            model_name='reminded',
            constraint=models.UniqueConstraint(fields=('workspace_id', 'seat', 'todo', 'moment', 'at'), name='moments_reminded_once', nulls_distinct=False),
        ),
        migrations.AddIndex(
            model_name='series',
            index=models.Index(fields=['workspace_id', 'made_until'], name='moments_series_made'),
        ),
        migrations.AddIndex(
            model_name='planning',
            index=models.Index(fields=['workspace_id', 'moment'], name='moments_planning_moment'),
        ),
        migrations.AddIndex(
            model_name='planning',
            index=models.Index(condition=models.Q(('series__isnull', False)), fields=['workspace_id', 'series', 'slot'], name='moments_planning_series'),
        ),
        migrations.RunSQL(WAITING, GONE),
    ]
