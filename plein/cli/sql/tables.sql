-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Written by tools/first_tables.py from these migrations; do not change it by hand.
-- api.0001_initial 7f727e06
-- asking.0001_requests 14b63d94
-- auth.0001_initial 867884b2
-- auth.0002_alter_permission_name_max_length c07a009f
-- auth.0003_alter_user_email_max_length 88540fad
-- auth.0004_alter_user_username_opts 680f85f3
-- auth.0005_alter_user_last_login_null 49929ac9
-- auth.0006_require_contenttypes_0002 5d767b5c
-- auth.0007_alter_validators_add_error_messages 4a6a76f3
-- auth.0008_alter_user_username_max_length ab39c037
-- auth.0009_alter_user_last_name_max_length 0dc32468
-- auth.0010_alter_group_name_max_length 8406a149
-- auth.0011_update_proxy_permissions eedac09b
-- auth.0012_alter_user_first_name_max_length bfcebb60
-- channels.0001_initial 6b812d8e
-- channels.0002_import_lease 382ca0c5
-- channels.0003_mail_server 6718cd0e
-- channels.0004_import_source 1ad2bf79
-- channels.0005_connections dee8a057
-- consent.0001_initial de262750
-- consent.0002_restriction b998875d
-- contenttypes.0001_initial 2864d738
-- contenttypes.0002_remove_content_type_name 4ac507db
-- core.0001_initial 841f0948
-- core.0002_search_indexes_by_kind 861a813e
-- core.0003_search_in_values e91c1267
-- core.0004_audit 3655670b
-- core.0005_removed_changes ed1ef040
-- core.0006_readers_in_indexes f29096fa
-- core.0007_words_in_circles bbaa011d
-- core.0008_questions_in_search 247ea7b0
-- dav.0001_initial 1f436fd6
-- dav.0002_mirrored cba32e54
-- dav.0003_additions 224f3c8e
-- dav.0004_todos_elsewhere f9c93df0
-- documents.0001_first 0e3d60cc
-- documents.0002_records 32c0611f
-- erasure.0001_initial 16a8c265
-- hooks.0001_initial 14f1c51c
-- hooks.0002_out 73f5a68d
-- hooks.0003_form_confirmed 22f3b003
-- identity.0001_initial 71e6fd0d
-- identity.0002_who_may_be_one 7cd00d8c
-- identity.0003_brought_by 0ce37140
-- imports.0001_initial 92d0079e
-- imports.0002_wizard d847bd3d
-- imports.0003_match_by_own_field 7aaa4254
-- imports.0004_jobs 3eb3f1f9
-- inbox.0001_messages 9ec44ff8
-- inbox.0002_worth 287c570f
-- listening.0001_searches 41ecfa2f
-- listening.0002_day 17185211
-- listening.0003_about_a_relation 3b227237
-- listening.0004_about_a_topic 380b6372
-- lists.0001_bulk 29a0ec3b
-- lists.0002_saved_views 7e9d66eb
-- lists.0003_said a36ec648
-- metadata.0001_initial 5e749213
-- metadata.0002_cells_by_key e502e41b
-- moments.0001_initial bf78eddc
-- moments.0002_occurred_at_in_step dad8b983
-- moments.0003_references_and_proposals d317395e
-- moments.0004_source_note 4ba181da
-- moments.0005_mentions c1af1265
-- moments.0006_repeats_and_reminders 7a2efabc
-- moments.0007_tagging 140882bf
-- moments.0008_custom_values 1c16d2fb
-- moments.0009_outgoing_mail 78b03e4e
-- moments.0010_cells_by_key 0ffed31f
-- moments.0011_own_circles aea5b2d6
-- moments.0012_mail_share 9d29c068
-- moments.0013_job_news 7e6ad72e
-- moments.0014_recognised 4fde91d4
-- moments.0015_learned b913489b
-- moments.0016_source_address 03f2ff55
-- moments.0017_hearing 8c4ed9f4
-- moments.0018_waiting_connections a23f302b
-- moments.0019_topics a0fd7793
-- moments.0020_answers 67c958ed
-- moments.0021_guests 96c28dd4
-- moments.0022_opinion 4591abf4
-- moments.0023_news_of_profiles 2d51c2c7
-- mypage.0001_initial e45c01aa
-- mypage.0002_request 56479a3d
-- mypage.0003_names_of_readers 4e964d7e
-- network.0001_initial ef6fee3d
-- network.0002_refusals_and_answers a8cdbda1
-- network.0003_measuring a279726b
-- network.0004_influence d3abbc52
-- network.0005_bridges 696d9d24
-- network.0006_snapshot 65c57381
-- network.0007_places fea7aae6
-- network.0008_colleagues_of_their_time 110bb2e3
-- notifications.0001_initial dfe3530d
-- notifications.0002_mail_that_did_not_leave 818d3115
-- notifications.0003_connection_that_stopped 386e5765
-- opinions.0001_initial 5117b415
-- outbox.0001_outgoing_mail 3eb421f8
-- outbox.0002_purpose 3811d98c
-- outbox.0003_named_people 84f1e772
-- outbox.0004_said_on_networks acbb4615
-- procrastinate.0001_initial 30a49f48
-- procrastinate.0002_drop_started_at_column 6bb05c76
-- procrastinate.0003_drop_started_at_column 700b5154
-- procrastinate.0004_drop_procrastinate_version_table ce8edd3d
-- procrastinate.0005_fix_procrastinate_fetch_job 64672482
-- procrastinate.0006_fix_trigger_status_events_insert 67e223cc
-- procrastinate.0007_add_queueing_lock_column 5438f136
-- procrastinate.0008_close_fetch_job_race_condition 716494cc
-- procrastinate.0009_add_defer_job_function e7a16c43
-- procrastinate.0010_add_procrastinate_periodic_defers b0e033cb
-- procrastinate.0011_add_foreign_key_index 7b918845
-- procrastinate.0012_add_locks_to_periodic_defer c5aab7d3
-- procrastinate.0013_fix_procrastinate_defer_periodic_job eb40b9e0
-- procrastinate.0014_add_finish_job_and_retry_job_functions d7cc995e
-- procrastinate.0015_add_trigger_on_job_deletion 97051038
-- procrastinate.0016_delete_finished_jobs e23bc5a1
-- procrastinate.0017_add_checks_to_finish_job 6f6c443e
-- procrastinate.0018_add_checks_to_retry_job 7c9c8483
-- procrastinate.0019_fix_finish_job_compat_issue 77bc9f93
-- procrastinate.0020_add_index_on_procrastinate_jobs 653e3f90
-- procrastinate.0021_add_kwargs_to_defer_periodic_job 059792e0
-- procrastinate.0022_null_locks_excluded 9cc66a87
-- procrastinate.0023_remove_old_finish_job_function bc4995ea
-- procrastinate.0024_job_id_bigint 3d211b9a
-- procrastinate.0025_add_models 4f4d14cc
-- procrastinate.0026_add_job_priority f0c63e81
-- procrastinate.0027_add_periodic_job_priority 3fee6874
-- procrastinate.0028_add_cancel_states 6f41de0d
-- procrastinate.0029_add_additional_params_to_retry_job c2091f73
-- procrastinate.0030_alter_procrastinateevent_options ee5c37eb
-- procrastinate.0031_add_indexes_for_fetch_job b109b182
-- procrastinate.0032_pre_cancel_notification 6bd81ec3
-- procrastinate.0033_post_cancel_notification 75ff3134
-- procrastinate.0034_pre_add_heartbeat 98591803
-- procrastinate.0035_post_add_heartbeat fdf51dde
-- procrastinate.0036_add_worker_model 21914865
-- procrastinate.0037_pre_batch_defer_jobs cd30ba55
-- procrastinate.0038_post_batch_defer_jobs 4854915d
-- procrastinate.0039_pre_priority_lock_fetch_job 33f303a2
-- procrastinate.0040_pre_retry_failed_job d57ede5e
-- procrastinate.0041_post_retry_failed_job 3591b65b
-- questions.0001_initial 0957a58d
-- questions.0002_outside eb48a2b4
-- relations.0001_initial 43ed6d73
-- relations.0002_do_not_contact 9ea09a31
-- relations.0003_custom_values 5dcbce5c
-- relations.0004_follow 1df35f21
-- relations.0005_visit fec4bd81
-- relations.0006_cells_by_key 50d8df29
-- relations.0007_former f7fc8895
-- relations.0008_own_circles 6d52f8bc
-- relations.0009_tags_in_circles ed11bd4a
-- relations.0010_erased_address 39cc9d9e
-- relations.0011_own_tie_types ca17fe5f
-- relations.0012_heard_in 7959c480
-- relations.0013_what_came_of_it 8a5fcaf1
-- relations.0014_exact_strength b7fdea14
-- sessions.0001_initial 0aa411aa
-- telephone.0001_initial 845dd43a
-- trust.0001_initial 2a40004c
-- trust.0002_rate_count ef7fe4ad
-- trust.0003_zone_and_start 9fb6b498
-- trust.0004_proof_and_sessions 45d31447
-- trust.0005_look cf9b9588
-- trust.0006_default_audience 953f71ac
-- trust.0007_second_factor e89e3e5c
-- trust.0008_token_used_from 8c6de48c
-- trust.0009_token_is_proven 9bc19cd8
-- webforms.0001_initial 53118758

CREATE TYPE public.procrastinate_job_event_type AS ENUM (
    'deferred',
    'started',
    'deferred_for_retry',
    'failed',
    'succeeded',
    'cancelled',
    'abort_requested',
    'aborted',
    'scheduled',
    'retried'
);

CREATE TYPE public.procrastinate_job_status AS ENUM (
    'todo',
    'doing',
    'succeeded',
    'failed',
    'cancelled',
    'aborting',
    'aborted'
);

CREATE TYPE public.procrastinate_job_to_defer_v1 AS (
	queue_name character varying,
	task_name character varying,
	priority integer,
	lock text,
	queueing_lock text,
	args jsonb,
	scheduled_at timestamp with time zone
);

CREATE FUNCTION public.plein_due_connections() RETURNS TABLE(workspace integer, the_user uuid, the_connection uuid)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    before text := coalesce(current_setting('plein.workspace', true), '');
    last integer := (SELECT last_value FROM trust_workspace_id_seq);
BEGIN
    FOR here IN 1..last LOOP
        workspace := here;
        PERFORM set_config('plein.workspace', workspace::text, true);
        FOR the_user, the_connection IN
            SELECT s.user_id, c.id FROM channels_connection c
              JOIN trust_seat s ON s.workspace_id = workspace AND s.id = c.seat_id AND s.is_active
             WHERE c.workspace_id = workspace AND c.state = 'active'
               AND c.next_try_at <= clock_timestamp()
               AND (c.lease_until IS NULL OR c.lease_until < clock_timestamp())
             ORDER BY c.next_try_at
        LOOP
            RETURN NEXT;
        END LOOP;
    END LOOP;
    PERFORM set_config('plein.workspace', before, true);
END $$;

CREATE FUNCTION public.plein_moment_moved() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    UPDATE moments_participant p SET occurred_at = NEW.occurred_at
     WHERE p.workspace_id = NEW.workspace_id AND p.moment_id = NEW.id AND p.occurred_at <> NEW.occurred_at;
    -- Touched, so that what is found of them carries the new time.
    UPDATE moments_subject s SET title = s.title WHERE s.workspace_id = NEW.workspace_id AND s.moment_id = NEW.id;
    UPDATE moments_text t SET text = t.text WHERE t.workspace_id = NEW.workspace_id AND t.moment_id = NEW.id;
    RETURN NULL;
END $$;

CREATE FUNCTION public.plein_open_out_hooks() RETURNS TABLE(workspace integer, the_user uuid, the_hook uuid)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    before text := coalesce(current_setting('plein.workspace', true), '');
    last integer := (SELECT last_value FROM trust_workspace_id_seq);
BEGIN
    FOR here IN 1..last LOOP
        workspace := here;
        PERFORM set_config('plein.workspace', workspace::text, true);
        FOR the_user, the_hook IN
            SELECT s.user_id, o.id FROM hooks_out o
              JOIN trust_seat s ON s.workspace_id = workspace AND s.id = o.seat_id AND s.is_active
             WHERE o.workspace_id = workspace AND o.state = 'open'
               AND (o.next_try_at IS NULL OR o.next_try_at <= clock_timestamp())
        LOOP
            RETURN NEXT;
        END LOOP;
    END LOOP;
    PERFORM set_config('plein.workspace', before, true);
END $$;

CREATE FUNCTION public.plein_short_series(until date) RETURNS TABLE(workspace integer, the_user uuid)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
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

CREATE FUNCTION public.plein_waiting_connections(kinds text[]) RETURNS TABLE(workspace integer, the_user uuid, the_connection uuid)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    before text := coalesce(current_setting('plein.workspace', true), '');
    last integer := (SELECT last_value FROM trust_workspace_id_seq);
BEGIN
    FOR here IN 1..last LOOP
        workspace := here;
        PERFORM set_config('plein.workspace', workspace::text, true);
        FOR the_user, the_connection IN
            SELECT s.user_id, c.id FROM channels_connection c
              JOIN trust_seat s ON s.workspace_id = workspace AND s.id = c.seat_id AND s.is_active
             WHERE c.workspace_id = workspace AND c.state = 'active' AND c.connector = ANY(kinds)
               AND c.succeeded_at IS NOT NULL AND c.failures = 0
             ORDER BY c.succeeded_at
        LOOP
            RETURN NEXT;
        END LOOP;
    END LOOP;
    PERFORM set_config('plein.workspace', before, true);
END $$;

CREATE FUNCTION public.plein_waiting_reminders() RETURNS TABLE(workspace integer, the_user uuid)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
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

CREATE FUNCTION public.procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status = 'todo'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        IF abort THEN
            UPDATE procrastinate_jobs
            SET abort_requested = true,
                status = CASE status
                    WHEN 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status
                END
            WHERE id = job_id AND status IN ('todo', 'doing')
            RETURNING id INTO _job_id;
        ELSE
            UPDATE procrastinate_jobs
            SET status = 'cancelled'::procrastinate_job_status
            WHERE id = job_id AND status = 'todo'
            RETURNING id INTO _job_id;
        END IF;
    END IF;
    RETURN _job_id;
END;
$$;

CREATE FUNCTION public.procrastinate_defer_jobs_v1(jobs public.procrastinate_job_to_defer_v1[]) RETURNS bigint[]
    LANGUAGE plpgsql
    AS $$
DECLARE
    job_ids bigint[];
BEGIN
    WITH inserted_jobs AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        SELECT (job).queue_name,
               (job).task_name,
               (job).priority,
               (job).lock,
               (job).queueing_lock,
               (job).args,
               (job).scheduled_at
        FROM unnest(jobs) AS job
        RETURNING id
    )
    SELECT array_agg(id) FROM inserted_jobs INTO job_ids;

    RETURN job_ids;
END;
$$;

CREATE FUNCTION public.procrastinate_defer_periodic_job_v2(_queue_name character varying, _lock character varying, _queueing_lock character varying, _task_name character varying, _priority integer, _periodic_id character varying, _defer_timestamp bigint, _args jsonb) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
	_job_id bigint;
	_defer_id bigint;
BEGIN
    INSERT
        INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (_task_name, _periodic_id, _defer_timestamp)
        ON CONFLICT DO NOTHING
        RETURNING id into _defer_id;

    IF _defer_id IS NULL THEN
        RETURN NULL;
    END IF;

    UPDATE procrastinate_periodic_defers
        SET job_id = (
            SELECT COALESCE((
                SELECT unnest(procrastinate_defer_jobs_v1(
                    ARRAY[
                        ROW(
                            _queue_name,
                            _task_name,
                            _priority,
                            _lock,
                            _queueing_lock,
                            _args,
                            NULL::timestamptz
                        )
                    ]::procrastinate_job_to_defer_v1[]
                ))
            ), NULL)
        )
        WHERE id = _defer_id
        RETURNING job_id INTO _job_id;

    DELETE
        FROM procrastinate_periodic_defers
        USING (
            SELECT id
            FROM procrastinate_periodic_defers
            WHERE procrastinate_periodic_defers.task_name = _task_name
            AND procrastinate_periodic_defers.periodic_id = _periodic_id
            AND procrastinate_periodic_defers.defer_timestamp < _defer_timestamp
            ORDER BY id
            FOR UPDATE
        ) to_delete
        WHERE procrastinate_periodic_defers.id = to_delete.id;

    RETURN _job_id;
END;
$$;

CREATE TABLE public.procrastinate_jobs (
    id bigint NOT NULL,
    queue_name character varying(128) NOT NULL,
    task_name character varying(128) NOT NULL,
    lock text,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    status public.procrastinate_job_status DEFAULT 'todo'::public.procrastinate_job_status NOT NULL,
    scheduled_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    queueing_lock text,
    priority integer DEFAULT 0 NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    worker_id bigint,
    CONSTRAINT check_not_todo_abort_requested CHECK ((NOT ((status = 'todo'::public.procrastinate_job_status) AND (abort_requested = true))))
);

CREATE FUNCTION public.procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint) RETURNS public.procrastinate_jobs
    LANGUAGE plpgsql
    AS $$
DECLARE
	found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE
                -- reject the job if its lock has earlier or higher priority jobs
                NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE
                            jobs.lock IS NOT NULL
                            AND other_jobs.lock = jobs.lock
                            AND (
                                -- job with same lock is already running
                                other_jobs.status = 'doing'
                                OR
                                -- job with same lock is waiting and has higher priority (or same priority but was queued first)
                                (
                                    other_jobs.status = 'todo'
                                    AND (
                                        other_jobs.priority > jobs.priority
                                        OR (
                                        other_jobs.priority = jobs.priority
                                        AND other_jobs.id < jobs.id
                                        )
                                    )
                                )
                            )
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY( target_queue_names ))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;

 RETURN found_jobs;
END;
$$;

CREATE FUNCTION public.procrastinate_finish_job_v1(job_id bigint, end_status public.procrastinate_job_status, delete_job boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF end_status NOT IN ('succeeded', 'failed', 'aborted') THEN
        RAISE 'End status should be either "succeeded", "failed" or "aborted" (job id: %)', job_id;
    END IF;
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = end_status,
            abort_requested = false,
            attempts = CASE status
                WHEN 'doing' THEN attempts + 1 ELSE attempts
            END
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" or "todo" status (job id: %)', job_id;
    END IF;
END;
$$;

CREATE FUNCTION public.procrastinate_notify_queue_abort_job_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'abort_job_requested', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_notify_queue_job_inserted_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat double precision) RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    DELETE FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - (seconds_since_heartbeat || 'SECOND')::INTERVAL
    RETURNING procrastinate_workers.id;
END;
$$;

CREATE FUNCTION public.procrastinate_register_worker_v1() RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    INSERT INTO procrastinate_workers DEFAULT VALUES
    RETURNING procrastinate_workers.id;
END;
$$;

CREATE FUNCTION public.procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
BEGIN
    SELECT abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status = 'doing'
    FOR UPDATE
    INTO _abort_requested;
    IF _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" status (job id: %)', job_id;
    END IF;
END;
$$;

CREATE FUNCTION public.procrastinate_retry_job_v2(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
    _current_status procrastinate_job_status;
BEGIN
    SELECT status, abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status IN ('doing', 'failed')
    FOR UPDATE
    INTO _current_status, _abort_requested;
    IF _current_status = 'doing' AND _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status IN ('doing', 'failed')
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or has an invalid status to retry (job id: %)', job_id;
    END IF;

END;
$$;

CREATE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'abort_requested'::procrastinate_job_event_type);
    RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type, at)
        VALUES (NEW.id, 'scheduled'::procrastinate_job_event_type, NEW.scheduled_at);

	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'deferred'::procrastinate_job_event_type);
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_trigger_function_status_events_update_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    WITH t AS (
        SELECT CASE
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND NEW.status = 'doing'::procrastinate_job_status
                THEN 'started'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'deferred_for_retry'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'failed'::procrastinate_job_status
                THEN 'failed'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'succeeded'::procrastinate_job_status
                THEN 'succeeded'::procrastinate_job_event_type
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND (
                    NEW.status = 'cancelled'::procrastinate_job_status
                    OR NEW.status = 'failed'::procrastinate_job_status
                    OR NEW.status = 'succeeded'::procrastinate_job_status
                )
                THEN 'cancelled'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'aborted'::procrastinate_job_status
                THEN 'aborted'::procrastinate_job_event_type
            WHEN OLD.status = 'failed'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'retried'::procrastinate_job_event_type
            ELSE NULL
        END as event_type
    )
    INSERT INTO procrastinate_events(job_id, type)
        SELECT NEW.id, t.event_type
        FROM t
        WHERE t.event_type IS NOT NULL;
	RETURN NEW;
END;
$$;

CREATE FUNCTION public.procrastinate_unlink_periodic_defers_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_periodic_defers
    SET job_id = NULL
    WHERE job_id = OLD.id;
    RETURN OLD;
END;
$$;

CREATE FUNCTION public.procrastinate_unregister_worker_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM procrastinate_workers
    WHERE id = worker_id;
END;
$$;

CREATE FUNCTION public.procrastinate_update_heartbeat_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_workers
    SET last_heartbeat = NOW()
    WHERE id = worker_id;
END;
$$;

CREATE TABLE public.api_kept_answer (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    digest character varying(64) NOT NULL,
    request character varying(64) NOT NULL,
    sealed bytea NOT NULL,
    shown integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seat_id uuid NOT NULL
);

CREATE TABLE public.asking_link (
    id uuid NOT NULL,
    digest character varying(64) NOT NULL,
    into_workspace integer NOT NULL,
    turn_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

CREATE TABLE public.asking_request (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    own_circle_id integer,
    purpose character varying(500) NOT NULL,
    state character varying(10) NOT NULL,
    shown smallint NOT NULL,
    made_at_place smallint,
    operation_id uuid,
    is_by_mail boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_on date,
    seat_id uuid NOT NULL,
    target_id uuid NOT NULL
);

CREATE TABLE public.asking_settings (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    days smallint NOT NULL
);

CREATE TABLE public.asking_step (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    place smallint NOT NULL,
    person_id uuid NOT NULL,
    request_id uuid NOT NULL
);

CREATE TABLE public.asking_turn (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    own_circle_id integer,
    place smallint NOT NULL,
    text text NOT NULL,
    previous_name character varying(300) NOT NULL,
    remark character varying(1000) NOT NULL,
    is_last boolean NOT NULL,
    state character varying(10) NOT NULL,
    letter character varying(10) NOT NULL,
    mail_id uuid,
    todo_id uuid NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    answered_at timestamp with time zone,
    asker_id uuid NOT NULL,
    person_id uuid NOT NULL,
    request_id uuid NOT NULL,
    seat_id uuid,
    target_id uuid NOT NULL
);

CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);

ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);

ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);

ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.channels_connection (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    connector character varying(40) NOT NULL,
    name character varying(120) NOT NULL,
    account character varying(320) NOT NULL,
    settings jsonb NOT NULL,
    is_inside boolean NOT NULL,
    state character varying(10) NOT NULL,
    policy character varying(10) NOT NULL,
    since timestamp with time zone,
    preview jsonb NOT NULL,
    counts jsonb NOT NULL,
    cursor text NOT NULL,
    operation_id uuid,
    problem character varying(500) NOT NULL,
    failures integer NOT NULL,
    tried_at timestamp with time zone,
    succeeded_at timestamp with time zone,
    next_try_at timestamp with time zone,
    fence integer NOT NULL,
    lease_until timestamp with time zone,
    holder character varying(100) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seat_id uuid
);

CREATE TABLE public.channels_connection_problem (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    folder character varying(500) NOT NULL,
    "position" bigint NOT NULL,
    reason character varying(500) NOT NULL,
    sha256 character varying(64) NOT NULL,
    size bigint NOT NULL,
    heard_at timestamp with time zone NOT NULL,
    connection_id uuid NOT NULL
);

CREATE TABLE public.channels_import_problem (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    folder character varying(500) NOT NULL,
    "position" bigint NOT NULL,
    reason character varying(500) NOT NULL,
    sha256 character varying(64) NOT NULL,
    size bigint NOT NULL,
    mail_import_id uuid NOT NULL
);

CREATE TABLE public.channels_mail_import (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    name character varying(300) NOT NULL,
    path text NOT NULL,
    is_upload boolean NOT NULL,
    state character varying(10) NOT NULL,
    policy character varying(10) NOT NULL,
    ours character varying(320)[] NOT NULL,
    roles_path text NOT NULL,
    operation_id uuid,
    cursor text NOT NULL,
    preview jsonb NOT NULL,
    counts jsonb NOT NULL,
    problem character varying(500) NOT NULL,
    fence integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    seat_id uuid,
    holder character varying(100) NOT NULL,
    lease_until timestamp with time zone,
    source character varying(20) DEFAULT 'mail'::character varying NOT NULL
);

CREATE TABLE public.channels_mail_server (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    host character varying(253) NOT NULL,
    port integer NOT NULL,
    security character varying(10) NOT NULL,
    user_name character varying(320) NOT NULL,
    sender character varying(254) NOT NULL,
    sender_name character varying(120) NOT NULL,
    is_inside boolean NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE public.channels_sunk_letter (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    at timestamp with time zone NOT NULL,
    sender character varying(600) NOT NULL,
    receivers text NOT NULL,
    subject character varying(1000) NOT NULL,
    text text NOT NULL,
    source text NOT NULL,
    is_secret boolean NOT NULL
);

CREATE TABLE public.channels_upload (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    name character varying(300) NOT NULL,
    size bigint NOT NULL,
    received bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seat_id uuid NOT NULL
);

CREATE TABLE public.consent_decision (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    point_kind character varying(10) NOT NULL,
    point_value character varying(500) NOT NULL COLLATE pg_catalog."C",
    state character varying(10) NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    holds_until timestamp with time zone,
    how character varying(10) NOT NULL,
    note character varying(1000) NOT NULL,
    moment_id uuid,
    operation_id uuid NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    seat_id uuid,
    purpose_id uuid NOT NULL,
    text_id uuid,
    subject_id uuid NOT NULL
);

CREATE TABLE public.consent_in_force (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    decision_id uuid NOT NULL,
    purpose_id uuid NOT NULL,
    text_id uuid,
    subject_id uuid NOT NULL
);

CREATE TABLE public.consent_list (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    name character varying(300) NOT NULL,
    head jsonb NOT NULL,
    rows jsonb NOT NULL,
    wishes jsonb NOT NULL,
    outcome jsonb NOT NULL,
    operation_id uuid,
    created_at timestamp with time zone NOT NULL,
    done_at timestamp with time zone,
    seat_id uuid NOT NULL
);

CREATE TABLE public.consent_never_contact (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    kind character varying(10) NOT NULL,
    digest character varying(64) NOT NULL COLLATE pg_catalog."C",
    reason character varying(300) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seat_id uuid
);

CREATE TABLE public.consent_purpose (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    version integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    key character varying(40) NOT NULL COLLATE pg_catalog."C",
    basis character varying(12) NOT NULL,
    kinds character varying(10)[] NOT NULL,
    holds_months integer,
    keep_months integer,
    "position" integer NOT NULL,
    retired_at timestamp with time zone
);

CREATE TABLE public.consent_purpose_text (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    number integer NOT NULL,
    name_nl character varying(80) NOT NULL,
    name_en character varying(80) NOT NULL,
    what_nl text NOT NULL,
    what_en text NOT NULL,
    benefit_nl text NOT NULL,
    benefit_en text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    purpose_id uuid NOT NULL,
    seat_id uuid
);

CREATE TABLE public.consent_restriction (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    reason character varying(300) NOT NULL,
    since timestamp with time zone NOT NULL,
    seat_id uuid,
    subject_id uuid NOT NULL
);

CREATE TABLE public.consent_retention_rule (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    key character varying(40) NOT NULL COLLATE pg_catalog."C",
    months integer NOT NULL,
    is_on boolean NOT NULL,
    asks_from timestamp with time zone
);

CREATE TABLE public.consent_settings (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    steps character varying(10) NOT NULL
);

CREATE TABLE public.consent_step_choice (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    is_open boolean NOT NULL,
    seat_id uuid NOT NULL
);

CREATE TABLE public.consent_subject (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    relation_id uuid
);

CREATE TABLE public.core_audit_entry (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    seq bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    event character varying(40) NOT NULL,
    seat_id uuid,
    user_id uuid,
    door character varying(20) NOT NULL,
    origin character varying(32) NOT NULL,
    session character varying(32) NOT NULL,
    token_id uuid,
    run_id uuid,
    kind character varying(30) NOT NULL,
    records uuid[] NOT NULL,
    facts text NOT NULL,
    key character varying(8) NOT NULL,
    hash bytea NOT NULL
);

CREATE TABLE public.core_audit_head (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    kind character varying(5) NOT NULL,
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    key character varying(8) NOT NULL,
    seal bytea NOT NULL,
    at timestamp with time zone NOT NULL
);

CREATE TABLE public.core_change (
    id bigint NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer,
    operation_id uuid NOT NULL,
    seat_id uuid,
    table_name text NOT NULL,
    kind character varying(1) NOT NULL,
    row_id uuid NOT NULL,
    about_id uuid NOT NULL,
    before jsonb,
    after jsonb,
    at timestamp with time zone NOT NULL
);

ALTER TABLE public.core_change ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.core_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.core_operation (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    seat_id uuid,
    door character varying(20) NOT NULL,
    verb character varying(60) NOT NULL,
    facts jsonb NOT NULL,
    started_at timestamp with time zone NOT NULL,
    undoes uuid,
    undone_by uuid
);

CREATE TABLE public.core_protection (
    id bigint NOT NULL,
    fingerprint character varying(64) NOT NULL
);

ALTER TABLE public.core_protection ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.core_protection_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.core_search_document (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    record_id uuid NOT NULL,
    kind character varying(20) NOT NULL,
    title text NOT NULL,
    digits text NOT NULL,
    words tsvector,
    occurred_at timestamp with time zone
);

CREATE TABLE public.core_search_token (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    document_id uuid NOT NULL,
    kind character varying(20) NOT NULL,
    token text NOT NULL COLLATE pg_catalog."C",
    title text NOT NULL COLLATE pg_catalog."C"
);

ALTER TABLE ONLY public.core_search_token FORCE ROW LEVEL SECURITY;

CREATE TABLE public.core_search_word (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    word text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE public.dav_device_key (
    id uuid NOT NULL,
    digest character varying(64) NOT NULL,
    kind character varying(8) NOT NULL,
    name character varying(80) NOT NULL,
    into_workspace integer NOT NULL,
    reach character varying(4) NOT NULL,
    may_write boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone,
    last_used_from character varying(32) NOT NULL,
    revoked_at timestamp with time zone,
    user_id uuid NOT NULL
);

CREATE TABLE public.dav_kept (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    own_circle_id integer,
    collection character varying(20) NOT NULL,
    name character varying(300) NOT NULL COLLATE pg_catalog."C",
    uid character varying(500) NOT NULL COLLATE pg_catalog."C",
    text text NOT NULL,
    ours jsonb NOT NULL,
    is_left_out boolean NOT NULL,
    moment_id uuid,
    relation_id uuid,
    seat_id uuid NOT NULL,
    todo_id uuid
);

CREATE TABLE public.dav_mirrored (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    own_circle_id integer,
    name character varying(500) NOT NULL COLLATE pg_catalog."C",
    collection character varying(300) NOT NULL,
    href character varying(1000) NOT NULL COLLATE pg_catalog."C",
    etag character varying(300) NOT NULL COLLATE pg_catalog."C",
    uid character varying(500) NOT NULL COLLATE pg_catalog."C",
    text text NOT NULL,
    ours jsonb NOT NULL,
    theirs text NOT NULL,
    is_gone boolean NOT NULL,
    connection_id uuid NOT NULL,
    moment_id uuid,
    relation_id uuid,
    is_waiting boolean DEFAULT false NOT NULL,
    todo_id uuid
);

CREATE TABLE public.dav_told (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    key_id uuid NOT NULL,
    collection character varying(20) NOT NULL,
    state bytea NOT NULL,
    at timestamp with time zone NOT NULL
);

CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);

ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);

ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);

CREATE TABLE public.documents_file_record (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    place integer NOT NULL,
    kind character varying(12) NOT NULL,
    number character varying(300) NOT NULL,
    issued_on date,
    due_on date,
    currency character varying(3) NOT NULL,
    amount numeric(24,6),
    from_name character varying(300) NOT NULL,
    to_name character varying(300) NOT NULL,
    from_keys jsonb NOT NULL,
    to_keys jsonb NOT NULL,
    words text NOT NULL,
    content jsonb NOT NULL,
    attachment_id uuid NOT NULL,
    moment_id uuid NOT NULL
);

CREATE TABLE public.documents_file_text (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    name character varying(300) NOT NULL,
    text text NOT NULL,
    state character varying(10) NOT NULL,
    reason character varying(300) NOT NULL,
    made_by integer NOT NULL,
    made_at timestamp with time zone NOT NULL,
    attachment_id uuid NOT NULL,
    moment_id uuid NOT NULL
);

CREATE TABLE public.erasure_erasure (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    subject_id uuid NOT NULL,
    files character varying(64)[] NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    done_at timestamp with time zone,
    seat_id uuid
);

CREATE TABLE public.hooks_address (
    id uuid NOT NULL,
    digest character varying(64) NOT NULL,
    into_workspace integer NOT NULL,
    hook_id uuid NOT NULL,
    signing character varying(10) NOT NULL,
    sealed text NOT NULL,
    is_open boolean NOT NULL,
    wrong integer NOT NULL,
    wrong_why character varying(10) NOT NULL,
    wrong_at timestamp with time zone,
    taken_at timestamp with time zone,
    user_id uuid NOT NULL
);

CREATE TABLE public.hooks_delivery (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    key character varying(200) NOT NULL,
    payload jsonb,
    state character varying(10) NOT NULL,
    reason character varying(10) NOT NULL,
    received_at timestamp with time zone NOT NULL,
    handled_at timestamp with time zone,
    moment_id uuid,
    hook_id uuid NOT NULL
);

CREATE TABLE public.hooks_hook (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    name character varying(120) NOT NULL,
    preset character varying(10) NOT NULL,
    signing character varying(10) NOT NULL,
    policy character varying(10) NOT NULL,
    mapping jsonb NOT NULL,
    example jsonb NOT NULL,
    counts jsonb NOT NULL,
    operation_id uuid,
    is_open boolean NOT NULL,
    last_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    seat_id uuid
);

CREATE TABLE public.hooks_out (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    name character varying(120) NOT NULL,
    url character varying(1000) NOT NULL,
    happenings character varying(20)[] NOT NULL,
    is_wide_only boolean NOT NULL,
    is_inside boolean NOT NULL,
    state character varying(10) NOT NULL,
    cursor bigint NOT NULL,
    ahead bigint,
    ahead_xid bigint,
    failures integer NOT NULL,
    failing_since timestamp with time zone,
    problem character varying(500) NOT NULL,
    next_try_at timestamp with time zone,
    reached_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    seat_id uuid
);

CREATE TABLE public.hooks_telling (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    own_circle_id integer,
    happening character varying(20) NOT NULL,
    record_id uuid NOT NULL,
    operation_id uuid,
    happened_at timestamp with time zone NOT NULL,
    state character varying(10) NOT NULL,
    attempts integer NOT NULL,
    next_try_at timestamp with time zone NOT NULL,
    status integer,
    problem character varying(500) NOT NULL,
    done_at timestamp with time zone,
    hook_id uuid NOT NULL
);

CREATE TABLE public.identity_apart (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    key character varying(500) NOT NULL COLLATE pg_catalog."C",
    decided_at timestamp with time zone NOT NULL,
    contact_point_id uuid,
    decided_by_id uuid,
    other_id uuid,
    relation_id uuid NOT NULL
);

CREATE TABLE public.identity_book_run (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    state character varying(10) NOT NULL,
    step character varying(10) NOT NULL,
    done integer NOT NULL,
    total integer NOT NULL,
    people integer NOT NULL,
    pairs integer NOT NULL,
    problem character varying(500) NOT NULL,
    fence integer NOT NULL,
    lease_until timestamp with time zone,
    holder character varying(100) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    seat_id uuid
);

CREATE TABLE public.identity_key (
    id bigint NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    relation_id uuid NOT NULL,
    origin_id uuid NOT NULL,
    kind character varying(1) NOT NULL COLLATE pg_catalog."C",
    value character varying(500) NOT NULL COLLATE pg_catalog."C"
);

ALTER TABLE public.identity_key ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.identity_key_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.identity_pair (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    own_circle_id integer,
    bits double precision NOT NULL,
    prior double precision NOT NULL,
    levels jsonb NOT NULL,
    group_id uuid,
    run_id uuid NOT NULL,
    found_at timestamp with time zone NOT NULL,
    one_id uuid NOT NULL,
    other_id uuid NOT NULL,
    brought_by uuid
);

CREATE TABLE public.identity_review (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    said character varying(10) NOT NULL,
    bits double precision NOT NULL,
    until date,
    decided_at timestamp with time zone NOT NULL,
    decided_by_id uuid,
    one_id uuid NOT NULL,
    other_id uuid NOT NULL
);

CREATE TABLE public.identity_settings (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    automatic double precision NOT NULL,
    strong double precision NOT NULL,
    ahead double precision NOT NULL,
    review double precision NOT NULL
);

CREATE TABLE public.identity_sureness (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    bits double precision NOT NULL
);

CREATE TABLE public.identity_term (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    value character varying(200) NOT NULL COLLATE pg_catalog."C",
    people integer NOT NULL
);

CREATE TABLE public.imports_contact_import (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    name character varying(300) NOT NULL,
    path text NOT NULL,
    state character varying(10) NOT NULL,
    encoding character varying(20) NOT NULL,
    delimiter character varying(2) NOT NULL,
    is_headed boolean NOT NULL,
    head jsonb NOT NULL,
    mapping jsonb NOT NULL,
    match character varying(80) NOT NULL,
    mode character varying(10) NOT NULL,
    tags jsonb NOT NULL,
    operation_id uuid,
    "position" integer NOT NULL,
    counts jsonb NOT NULL,
    problem character varying(500) NOT NULL,
    fence integer NOT NULL,
    lease_until timestamp with time zone,
    holder character varying(100) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    seat_id uuid,
    circle_key text NOT NULL,
    foreseen jsonb NOT NULL,
    is_upload boolean NOT NULL,
    jobs character varying(10) NOT NULL
);

CREATE TABLE public.imports_foreseen (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    number integer NOT NULL,
    name character varying(300) NOT NULL,
    what character varying(10) NOT NULL,
    changes jsonb NOT NULL,
    reasons jsonb NOT NULL,
    who jsonb NOT NULL,
    choice character varying(36) NOT NULL,
    contact_import_id uuid NOT NULL
);

CREATE TABLE public.imports_left_out (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    number integer NOT NULL,
    name character varying(300) NOT NULL,
    reason character varying(500) NOT NULL,
    cells jsonb NOT NULL,
    contact_import_id uuid NOT NULL
);

CREATE TABLE public.inbox_message (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    state character varying(10) NOT NULL,
    lane character varying(10) NOT NULL,
    filed_as character varying(12) NOT NULL,
    is_unsure boolean NOT NULL,
    is_kept boolean NOT NULL,
    came_at timestamp with time zone NOT NULL,
    at timestamp with time zone NOT NULL,
    done_at timestamp with time zone,
    assignee_id uuid,
    done_by_id uuid,
    moment_id uuid NOT NULL,
    trail jsonb NOT NULL,
    worth character varying(12) NOT NULL
);

CREATE TABLE public.listening_listened (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    day date NOT NULL,
    network character varying(20) NOT NULL,
    minutes double precision NOT NULL,
    moment_id uuid NOT NULL,
    seat_id uuid NOT NULL
);

CREATE TABLE public.listening_minutes (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    minutes integer NOT NULL,
    seat_id uuid NOT NULL
);

CREATE TABLE public.listening_search (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    version integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    name character varying(80) NOT NULL,
    about character varying(12) NOT NULL,
    words text NOT NULL,
    never text NOT NULL,
    owner_id uuid,
    own_circle_id integer,
    relation_id uuid,
    topic_id uuid
);

CREATE TABLE public.lists_bulk_batch (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    number integer NOT NULL,
    ids uuid[] NOT NULL,
    is_done boolean NOT NULL,
    run_id uuid NOT NULL
);

CREATE TABLE public.lists_bulk_failure (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    record_id uuid NOT NULL,
    reason character varying(500) NOT NULL,
    run_id uuid NOT NULL
);

CREATE TABLE public.lists_bulk_run (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    kind character varying(40) NOT NULL,
    act character varying(60) NOT NULL,
    wish jsonb NOT NULL,
    state character varying(10) NOT NULL,
    total integer NOT NULL,
    done integer NOT NULL,
    changed integer NOT NULL,
    failed integer NOT NULL,
    operation_id uuid NOT NULL,
    undo character varying(10) NOT NULL,
    left_alone integer NOT NULL,
    problem character varying(500) NOT NULL,
    fence integer NOT NULL,
    lease_until timestamp with time zone,
    holder character varying(100) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    seat_id uuid,
    said character varying(300) NOT NULL
);

CREATE TABLE public.lists_pinned_view (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    place integer NOT NULL,
    seat_id uuid NOT NULL,
    view_id uuid NOT NULL
);

CREATE TABLE public.lists_view (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    version integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    kind character varying(20) NOT NULL,
    name character varying(80) NOT NULL,
    query text NOT NULL,
    owner_id uuid
);

CREATE TABLE public.metadata_field (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    version integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    key character varying(60) NOT NULL COLLATE pg_catalog."C",
    type character varying(10) NOT NULL,
    label_nl character varying(80) NOT NULL,
    label_en character varying(80) NOT NULL,
    help_nl character varying(200) NOT NULL,
    help_en character varying(200) NOT NULL,
    kinds character varying(12)[] NOT NULL,
    tags uuid[] NOT NULL,
    views uuid[] NOT NULL,
    is_required boolean NOT NULL,
    settings jsonb NOT NULL,
    choices jsonb NOT NULL,
    "position" integer NOT NULL,
    retired_at timestamp with time zone,
    group_id uuid NOT NULL
);

CREATE TABLE public.metadata_group (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    version integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    name_nl character varying(80) NOT NULL,
    name_en character varying(80) NOT NULL,
    "position" integer NOT NULL
);

CREATE TABLE public.metadata_index (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    type character varying(10) NOT NULL,
    filled_at timestamp with time zone,
    field_id uuid NOT NULL
);

CREATE TABLE public.moments_attachment (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    name character varying(300) NOT NULL,
    mime character varying(120) NOT NULL,
    size bigint NOT NULL,
    sha256 character varying(64) NOT NULL,
    content_id character varying(300) NOT NULL,
    is_inline boolean NOT NULL,
    moment_id uuid NOT NULL,
    text_id uuid NOT NULL,
    own_circle_id integer
);

CREATE TABLE public.moments_cell (
    id bigint NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    row_circle_id integer NOT NULL,
    moment_id uuid NOT NULL,
    ref_id uuid,
    key text NOT NULL COLLATE pg_catalog."C"
);

ALTER TABLE public.moments_cell ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.moments_cell_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.moments_correction (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    about character varying(48) NOT NULL,
    value character varying(12) NOT NULL,
    said_at timestamp with time zone NOT NULL,
    moment_id uuid NOT NULL,
    seat_id uuid,
    text_id uuid NOT NULL
);

CREATE TABLE public.moments_delivery (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    state character varying(10) NOT NULL,
    moment_id uuid NOT NULL
);

CREATE TABLE public.moments_draft (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    key character varying(120) NOT NULL,
    content jsonb NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    seat_id uuid NOT NULL
);

CREATE TABLE public.moments_guest (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    organizer character varying(254) NOT NULL,
    sequence integer NOT NULL,
    told character varying(65) NOT NULL,
    told_at timestamp with time zone NOT NULL,
    is_called_off boolean NOT NULL,
    contact_point_id uuid NOT NULL,
    letter_id uuid,
    moment_id uuid,
    series_id uuid
);

CREATE TABLE public.moments_job_news (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    import_id uuid NOT NULL,
    heard_on date NOT NULL,
    decision character varying(10) NOT NULL,
    contact_point_id uuid,
    moment_id uuid,
    organization_id uuid,
    other_id uuid,
    person_id uuid NOT NULL,
    work_id uuid NOT NULL,
    named character varying(300) NOT NULL,
    own_circle_id integer,
    role character varying(160) NOT NULL,
    source character varying(10) NOT NULL,
    told_by character varying(300) NOT NULL
);

CREATE TABLE public.moments_learned (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    number integer NOT NULL,
    arrays bytea NOT NULL,
    base character varying(80) NOT NULL,
    learned_from integer NOT NULL,
    figures jsonb NOT NULL,
    is_in_use boolean NOT NULL,
    made_at timestamp with time zone NOT NULL
);

CREATE TABLE public.moments_mail_share (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    own_circle_id integer,
    gives character varying(10) NOT NULL,
    audience_id integer NOT NULL,
    mail_import_id uuid,
    relation_id uuid,
    connection_id uuid
);

CREATE TABLE public.moments_moment (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    version integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    kind character varying(10) NOT NULL,
    direction character varying(10) NOT NULL,
    reach character varying(4) NOT NULL,
    state character varying(10) NOT NULL,
    nature character varying(10) NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone,
    is_all_day boolean NOT NULL,
    thread_id uuid NOT NULL,
    source character varying(10) NOT NULL,
    fingerprint character varying(64) NOT NULL,
    calendar_uid character varying(300) NOT NULL,
    recorded_by_id uuid
);

CREATE TABLE public.moments_participant (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    role character varying(10) NOT NULL,
    heard_name character varying(300) NOT NULL,
    is_ours boolean NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    contact_point_id uuid,
    moment_id uuid NOT NULL,
    relation_id uuid,
    answer character varying(10) DEFAULT ''::character varying NOT NULL,
    answered_at timestamp with time zone
);

CREATE TABLE public.moments_planning (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    remind_before integer,
    slot date,
    is_own boolean NOT NULL,
    moment_id uuid NOT NULL,
    series_id uuid
);

CREATE TABLE public.moments_proposal (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    import_id uuid NOT NULL,
    name character varying(300) NOT NULL,
    wrote integer NOT NULL,
    received integer NOT NULL,
    decision character varying(10) NOT NULL,
    contact_point_id uuid NOT NULL
);

CREATE TABLE public.moments_recognised (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    print integer NOT NULL,
    made_by character varying(80) NOT NULL,
    tier character varying(10) NOT NULL,
    language character varying(10) NOT NULL,
    labels jsonb NOT NULL,
    sentiment character varying(10) NOT NULL,
    urgency smallint NOT NULL,
    mentions jsonb NOT NULL,
    small_talk jsonb NOT NULL,
    reasons jsonb NOT NULL,
    relevance character varying(12) NOT NULL,
    filed_as character varying(12) NOT NULL,
    made_at timestamp with time zone NOT NULL,
    moment_id uuid NOT NULL,
    text_id uuid NOT NULL,
    topics jsonb NOT NULL,
    opinion jsonb NOT NULL
);

CREATE TABLE public.moments_reference (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    external_id character varying(500) NOT NULL,
    moment_id uuid NOT NULL
);

CREATE TABLE public.moments_reminded (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    at timestamp with time zone NOT NULL,
    told_at timestamp with time zone NOT NULL,
    moment_id uuid,
    seat_id uuid NOT NULL,
    todo_id uuid
);

CREATE TABLE public.moments_series (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    version integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    rule character varying(300) NOT NULL,
    starts_on date NOT NULL,
    time_zone character varying(60) NOT NULL,
    made_until date NOT NULL,
    planned_by_id uuid
);

CREATE TABLE public.moments_source (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    external_id character varying(500) NOT NULL,
    mailbox character varying(300) NOT NULL,
    folder character varying(500) NOT NULL,
    import_id uuid,
    list_name character varying(300) NOT NULL,
    moment_id uuid NOT NULL,
    note character varying(500) NOT NULL,
    url character varying(1000) NOT NULL,
    gone_at timestamp with time zone
);

CREATE TABLE public.moments_subject (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    own_circle_id integer,
    title character varying(1000) NOT NULL,
    key character varying(64) NOT NULL,
    location character varying(300) NOT NULL,
    moment_id uuid NOT NULL
);

CREATE TABLE public.moments_tagging (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    moment_id uuid NOT NULL,
    tag_id uuid NOT NULL
);

CREATE TABLE public.moments_text (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    own_circle_id integer,
    text text NOT NULL,
    html text NOT NULL,
    quote_from integer,
    signature_from integer,
    purpose character varying(300) NOT NULL,
    outcome character varying(500) NOT NULL,
    follow_up character varying(500) NOT NULL,
    means_needed character varying(500) NOT NULL,
    moment_id uuid NOT NULL,
    mentions uuid[] DEFAULT '{}'::uuid[] NOT NULL
);

CREATE TABLE public.moments_todo (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    version integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    own_circle_id integer,
    title character varying(300) NOT NULL,
    note text NOT NULL,
    due_on date,
    due_at time without time zone,
    means_needed character varying(500) NOT NULL,
    done_at timestamp with time zone,
    source character varying(10) NOT NULL,
    assignee_id uuid,
    done_by_id uuid,
    moment_id uuid,
    relation_id uuid,
    mentions uuid[] DEFAULT '{}'::uuid[] NOT NULL,
    occurrence integer DEFAULT 1 NOT NULL,
    remind_at timestamp with time zone,
    remind_before integer,
    repeat character varying(300) DEFAULT ''::character varying NOT NULL,
    repeat_since date,
    repeats_after boolean DEFAULT false NOT NULL,
    series_id uuid
);

CREATE TABLE public.moments_topic (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    version integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    name character varying(60) NOT NULL,
    words text NOT NULL,
    examples text NOT NULL,
    owner_id uuid
);

CREATE TABLE public.moments_topicsuggestion (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    moments jsonb NOT NULL,
    is_refused boolean NOT NULL,
    found_at timestamp with time zone NOT NULL
);

CREATE TABLE public.moments_values (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    version integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    "values" jsonb NOT NULL,
    filled jsonb NOT NULL,
    group_id uuid NOT NULL,
    moment_id uuid NOT NULL,
    own_circle_id integer
);

CREATE TABLE public.mypage_request (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    kind character varying(10) NOT NULL,
    about character varying(300) NOT NULL,
    words text NOT NULL,
    state character varying(10) NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    due_on date NOT NULL,
    extended_at timestamp with time zone,
    why_later character varying(500) NOT NULL,
    answer text NOT NULL,
    answered_at timestamp with time zone,
    seat_id uuid,
    subject_id uuid NOT NULL
);

CREATE TABLE public.mypage_settings (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    is_open boolean NOT NULL,
    in_footer boolean NOT NULL,
    names_readers boolean DEFAULT false NOT NULL
);

CREATE TABLE public.mypage_way (
    id uuid NOT NULL,
    digest character varying(64) NOT NULL,
    kind character varying(5) NOT NULL,
    into_workspace integer NOT NULL,
    subject_id uuid NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

CREATE TABLE public.network_answer (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    is_yes boolean NOT NULL,
    at timestamp with time zone NOT NULL,
    person_id uuid NOT NULL,
    seat_id uuid
);

CREATE TABLE public.network_bridge (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    beyond integer NOT NULL,
    place integer NOT NULL,
    far_id uuid NOT NULL,
    near_id uuid NOT NULL
);

CREATE TABLE public.network_census (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    at timestamp with time zone NOT NULL,
    people integer NOT NULL,
    ties integer NOT NULL,
    parts integer NOT NULL,
    largest_part integer NOT NULL,
    groups integer NOT NULL,
    bridges integer NOT NULL,
    triangles bigint NOT NULL,
    deepest_core integer NOT NULL,
    step double precision
);

CREATE TABLE public.network_contact (
    id bigint NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    low_id uuid NOT NULL,
    high_id uuid NOT NULL,
    sum_out numeric NOT NULL,
    sum_in numeric NOT NULL,
    moments integer NOT NULL,
    written_out integer NOT NULL,
    written_in integer NOT NULL,
    called_out integer NOT NULL,
    called_in integer NOT NULL,
    chatted_out integer NOT NULL,
    chatted_in integer NOT NULL,
    posted_out integer NOT NULL,
    posted_in integer NOT NULL,
    together integer NOT NULL,
    first_at timestamp with time zone,
    last_at timestamp with time zone,
    is_worn boolean NOT NULL
);

ALTER TABLE public.network_contact ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.network_contact_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.network_feed (
    id bigint NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    near_id uuid NOT NULL,
    transaction bigint NOT NULL
);

ALTER TABLE public.network_feed ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.network_feed_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.network_group (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    number integer NOT NULL,
    size integer NOT NULL,
    place character varying(200) NOT NULL,
    organization_id uuid,
    tag_id uuid,
    best_id uuid,
    own_step double precision,
    parts smallint[],
    radius smallint,
    x smallint,
    y smallint
);

CREATE TABLE public.network_half (
    id bigint NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    near_id uuid NOT NULL,
    far_id uuid NOT NULL,
    ground smallint NOT NULL,
    is_lasting boolean NOT NULL,
    weight double precision NOT NULL,
    starts_on date,
    ends_on date,
    is_shared boolean NOT NULL,
    to_person boolean NOT NULL,
    asked_until timestamp with time zone NOT NULL,
    is_used boolean NOT NULL,
    origin_id uuid,
    beside_id uuid
);

ALTER TABLE public.network_half ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.network_half_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.network_influence (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    rank double precision NOT NULL,
    place integer NOT NULL,
    core integer NOT NULL,
    "between" double precision NOT NULL,
    between_place integer NOT NULL,
    only_way_to integer NOT NULL,
    group_number integer NOT NULL,
    joins integer[] NOT NULL,
    person_id uuid NOT NULL,
    own_x smallint,
    own_y smallint,
    part smallint,
    x smallint,
    y smallint
);

CREATE TABLE public.network_measuring (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    half_life integer NOT NULL,
    reciprocity double precision NOT NULL,
    even double precision NOT NULL,
    crowd integer NOT NULL,
    weights jsonb NOT NULL,
    floors jsonb NOT NULL,
    CONSTRAINT network_measuring_crowd_check CHECK ((crowd >= 0)),
    CONSTRAINT network_measuring_half_life_check CHECK ((half_life >= 0))
);

CREATE TABLE public.network_refusal (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    until timestamp with time zone,
    person_id uuid NOT NULL,
    seat_id uuid,
    target_id uuid NOT NULL
);

CREATE TABLE public.network_snapshot (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    at timestamp with time zone NOT NULL,
    relations integer NOT NULL,
    halves integer NOT NULL,
    bytes bigint NOT NULL,
    seconds double precision NOT NULL
);

CREATE TABLE public.notifications_device (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    endpoint character varying(2000) NOT NULL,
    digest character varying(64) NOT NULL,
    p256dh character varying(200) NOT NULL,
    auth character varying(100) NOT NULL,
    name character varying(80) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    reached_at timestamp with time zone,
    seat_id uuid NOT NULL
);

CREATE TABLE public.notifications_notification (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    kind character varying(10) NOT NULL,
    what character varying(12) NOT NULL,
    act uuid NOT NULL,
    about uuid NOT NULL,
    count integer NOT NULL,
    line uuid NOT NULL,
    line_at timestamp with time zone NOT NULL,
    at timestamp with time zone NOT NULL,
    read_at timestamp with time zone,
    mailed_at timestamp with time zone,
    pushed_at timestamp with time zone,
    by_id uuid,
    moment_id uuid,
    relation_id uuid,
    seat_id uuid NOT NULL,
    text_id uuid,
    todo_id uuid
);

CREATE TABLE public.notifications_preference (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    grid jsonb NOT NULL,
    rhythm character varying(10) NOT NULL,
    mail_hour smallint NOT NULL,
    has_quiet_hours boolean NOT NULL,
    quiet_from time without time zone NOT NULL,
    quiet_until time without time zone NOT NULL,
    is_paused boolean NOT NULL,
    seat_id uuid NOT NULL
);

CREATE TABLE public.opinions_endpoint (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    address character varying(500) NOT NULL,
    model character varying(120) NOT NULL,
    circles integer[] NOT NULL,
    unit character varying(10) NOT NULL,
    per_month integer NOT NULL,
    per_day integer NOT NULL,
    agreed_at timestamp with time zone NOT NULL,
    agreed_to character varying(20) NOT NULL,
    failures integer NOT NULL,
    next_try_at timestamp with time zone,
    problem character varying(300) NOT NULL,
    agreed_by_id uuid
);

CREATE TABLE public.opinions_spending (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    day date NOT NULL,
    calls integer NOT NULL,
    tokens integer NOT NULL
);

CREATE TABLE public.outbox_identity (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    name character varying(120) NOT NULL,
    address character varying(254) NOT NULL,
    signature text NOT NULL,
    is_default boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seat_id uuid,
    team_id uuid
);

CREATE TABLE public.outbox_mail (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    own_circle_id integer,
    state character varying(10) NOT NULL,
    "to" jsonb NOT NULL,
    cc jsonb NOT NULL,
    bcc jsonb NOT NULL,
    subject character varying(300) NOT NULL,
    text text NOT NULL,
    quoted text NOT NULL,
    circle_key character varying(1857) NOT NULL,
    message_id character varying(300) NOT NULL,
    send_at timestamp with time zone,
    is_scheduled boolean NOT NULL,
    attempt integer NOT NULL,
    tries integer NOT NULL,
    reason character varying(600) NOT NULL,
    refused jsonb NOT NULL,
    is_sunk boolean NOT NULL,
    operation_id uuid,
    created_at timestamp with time zone NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    answers_id uuid,
    body_id uuid,
    identity_id uuid,
    moment_id uuid,
    relation_id uuid,
    seat_id uuid NOT NULL,
    purpose_key character varying(40) DEFAULT ''::character varying NOT NULL,
    answered character varying(500) DEFAULT ''::character varying NOT NULL,
    connection_id uuid,
    is_public boolean DEFAULT false NOT NULL,
    network character varying(40) DEFAULT ''::character varying NOT NULL
);

CREATE TABLE public.outbox_mail_file (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    name character varying(300) NOT NULL,
    mime character varying(120) NOT NULL,
    size bigint NOT NULL,
    sha256 character varying(64) NOT NULL,
    mail_id uuid NOT NULL
);

CREATE TABLE public.outbox_template (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    version integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    kind character varying(10) NOT NULL,
    name character varying(120) NOT NULL,
    shortcut character varying(40) NOT NULL,
    subject character varying(300) NOT NULL,
    text text NOT NULL
);

CREATE TABLE public.procrastinate_events (
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    type public.procrastinate_job_event_type,
    at timestamp with time zone DEFAULT now()
);

CREATE SEQUENCE public.procrastinate_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.procrastinate_events_id_seq OWNED BY public.procrastinate_events.id;

CREATE SEQUENCE public.procrastinate_jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.procrastinate_jobs_id_seq OWNED BY public.procrastinate_jobs.id;

CREATE TABLE public.procrastinate_periodic_defers (
    id bigint NOT NULL,
    task_name character varying(128) NOT NULL,
    defer_timestamp bigint,
    job_id bigint,
    periodic_id character varying(128) DEFAULT ''::character varying NOT NULL
);

CREATE SEQUENCE public.procrastinate_periodic_defers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.procrastinate_periodic_defers_id_seq OWNED BY public.procrastinate_periodic_defers.id;

CREATE TABLE public.procrastinate_workers (
    id bigint NOT NULL,
    last_heartbeat timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.procrastinate_workers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.procrastinate_workers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.questions_answer (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    is_best boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    moment_id uuid NOT NULL,
    seat_id uuid,
    question_id uuid NOT NULL,
    person_id uuid
);

CREATE TABLE public.questions_asked (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    own_circle_id integer,
    ring smallint NOT NULL,
    person_id uuid NOT NULL,
    question_id uuid NOT NULL,
    operation_id uuid
);

CREATE TABLE public.questions_question (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    text text NOT NULL,
    state character varying(10) NOT NULL,
    ring smallint NOT NULL,
    ring_until timestamp with time zone NOT NULL,
    operation_id uuid,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_on date,
    seat_id uuid
);

CREATE TABLE public.questions_turn (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    own_circle_id integer,
    ring smallint NOT NULL,
    previous_name character varying(300) NOT NULL,
    remark character varying(1000) NOT NULL,
    state character varying(10) NOT NULL,
    todo_id uuid NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    answered_at timestamp with time zone,
    person_id uuid NOT NULL,
    question_id uuid NOT NULL,
    seat_id uuid
);

CREATE TABLE public.relations_cell (
    id bigint NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    row_circle_id integer NOT NULL,
    ref_id uuid,
    relation_id uuid NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C"
);

ALTER TABLE public.relations_cell ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.relations_cell_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.relations_contact_point (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    kind character varying(10) NOT NULL,
    network character varying(40) NOT NULL,
    value character varying(500) NOT NULL COLLATE pg_catalog."C",
    display character varying(500) NOT NULL,
    detail jsonb NOT NULL,
    do_not_contact boolean NOT NULL,
    do_not_contact_reason character varying(300) NOT NULL
);

CREATE TABLE public.relations_contact_point_link (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    label character varying(40) NOT NULL,
    is_primary boolean NOT NULL,
    source character varying(10) NOT NULL,
    reasons jsonb NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone,
    contact_point_id uuid NOT NULL,
    decided_by_id uuid,
    relation_id uuid NOT NULL
);

CREATE TABLE public.relations_erased_address (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    digest character varying(64) NOT NULL COLLATE pg_catalog."C",
    erased_at timestamp with time zone NOT NULL
);

CREATE TABLE public.relations_favourite (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seat_id uuid NOT NULL,
    relation_id uuid NOT NULL
);

CREATE TABLE public.relations_follow (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    relation_id uuid NOT NULL,
    seat_id uuid NOT NULL
);

CREATE TABLE public.relations_former (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    own_circle_id integer,
    former_id uuid NOT NULL,
    relation_id uuid NOT NULL
);

CREATE TABLE public.relations_important_date (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    kind character varying(20) NOT NULL,
    "on" date NOT NULL,
    note character varying(200) NOT NULL,
    relation_id uuid NOT NULL
);

CREATE TABLE public.relations_interest (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    text character varying(200) NOT NULL,
    source character varying(10) NOT NULL,
    noted_at timestamp with time zone NOT NULL,
    relation_id uuid NOT NULL
);

CREATE TABLE public.relations_membership (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    role character varying(160) NOT NULL,
    department character varying(120) NOT NULL,
    starts_on date,
    ends_on date,
    source character varying(10) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    organization_id uuid NOT NULL,
    person_id uuid NOT NULL,
    moment_id uuid
);

CREATE TABLE public.relations_relation (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    version integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    kind character varying(12) NOT NULL,
    name character varying(300) NOT NULL,
    sort_name character varying(300) NOT NULL COLLATE pg_catalog."C",
    given_name character varying(120) NOT NULL,
    infix character varying(40) NOT NULL,
    family_name character varying(160) NOT NULL,
    headline character varying(200) NOT NULL,
    place character varying(120) NOT NULL COLLATE pg_catalog."C",
    country character varying(2) NOT NULL,
    language character varying(10) NOT NULL,
    about text NOT NULL,
    photo character varying(64) NOT NULL,
    is_ours boolean NOT NULL,
    source character varying(10) NOT NULL,
    owner_id uuid,
    seat_id uuid,
    do_not_contact boolean NOT NULL,
    do_not_contact_reason character varying(300) NOT NULL,
    do_not_contact_since timestamp with time zone
);

CREATE TABLE public.relations_tag (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    name character varying(60) NOT NULL,
    colour character varying(10) NOT NULL,
    circle_id integer NOT NULL
);

CREATE TABLE public.relations_tagging (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    relation_id uuid NOT NULL,
    tag_id uuid NOT NULL
);

CREATE TABLE public.relations_tie (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    kind character varying(40) NOT NULL,
    starts_on date,
    ends_on date,
    note character varying(300) NOT NULL,
    source character varying(10) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    one_id uuid NOT NULL,
    other_id uuid NOT NULL,
    own_circle_id integer,
    may_introduce boolean,
    type_id uuid,
    outcome character varying(10) DEFAULT ''::character varying NOT NULL,
    value numeric(12,2)
);

CREATE TABLE public.relations_tie_type (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    version integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    key character varying(40) NOT NULL COLLATE pg_catalog."C",
    name_nl character varying(80) NOT NULL,
    name_en character varying(80) NOT NULL,
    inverse_nl character varying(80) NOT NULL,
    inverse_en character varying(80) NOT NULL,
    is_directed boolean NOT NULL,
    one_kind character varying(12) NOT NULL,
    other_kind character varying(12) NOT NULL,
    strength character varying(10) NOT NULL,
    may_introduce boolean NOT NULL,
    retired_at timestamp with time zone,
    percent smallint
);

CREATE TABLE public.relations_values (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    version integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    "values" jsonb NOT NULL,
    filled jsonb NOT NULL,
    group_id uuid NOT NULL,
    relation_id uuid NOT NULL,
    own_circle_id integer
);

CREATE TABLE public.relations_visit (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    at timestamp with time zone NOT NULL,
    relation_id uuid NOT NULL,
    seat_id uuid NOT NULL
);

CREATE TABLE public.telephone_exchange (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    address character varying(500) NOT NULL
);

CREATE TABLE public.telephone_line (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    numbers character varying(40)[] NOT NULL,
    hears_rest boolean NOT NULL,
    seat_id uuid NOT NULL
);

CREATE TABLE public.telephone_ring (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    key uuid NOT NULL,
    number character varying(40) NOT NULL,
    rang_at timestamp with time zone NOT NULL,
    seat_id uuid NOT NULL
);

CREATE TABLE public.trust_api_token (
    id uuid NOT NULL,
    digest character varying(64) NOT NULL,
    prefix character varying(12) NOT NULL,
    into_workspace integer NOT NULL,
    scope character varying(10) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    user_id uuid NOT NULL,
    name character varying(80) NOT NULL,
    last_used_from character varying(32) DEFAULT ''::character varying NOT NULL,
    is_proven boolean DEFAULT false NOT NULL
);

CREATE TABLE public.trust_attempt (
    id uuid NOT NULL,
    digest character varying(64) NOT NULL,
    at timestamp with time zone NOT NULL
);

CREATE TABLE public.trust_circle (
    id integer NOT NULL,
    workspace_id integer NOT NULL,
    kind character varying(10) NOT NULL,
    key character varying(400) NOT NULL,
    parts integer[] NOT NULL,
    team_id uuid
);

ALTER TABLE ONLY public.trust_circle FORCE ROW LEVEL SECURITY;

ALTER TABLE public.trust_circle ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.trust_circle_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.trust_circle_seat (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    seat_id uuid NOT NULL
);

CREATE TABLE public.trust_code_app (
    user_id uuid NOT NULL,
    sealed bytea NOT NULL,
    last_step bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone
);

CREATE TABLE public.trust_external_identity (
    id uuid NOT NULL,
    issuer character varying(500) NOT NULL,
    subject character varying(255) NOT NULL,
    email character varying(254) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone,
    user_id uuid NOT NULL,
    vouched_at timestamp with time zone
);

CREATE TABLE public.trust_look (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    as_seat_id uuid NOT NULL,
    seat_id uuid NOT NULL
);

CREATE TABLE public.trust_one_time_link (
    id uuid NOT NULL,
    digest character varying(64) NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    user_id uuid NOT NULL,
    email character varying(254) NOT NULL,
    purpose character varying(12) NOT NULL
);

CREATE TABLE public.trust_passkey (
    id uuid NOT NULL,
    name character varying(80) NOT NULL,
    credential_id bytea NOT NULL,
    credential bytea NOT NULL,
    sign_count bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    last_used_at timestamp with time zone,
    user_id uuid NOT NULL
);

CREATE UNLOGGED TABLE public.trust_rate_count (
    subject uuid NOT NULL,
    began_at timestamp with time zone NOT NULL,
    count integer NOT NULL
);

CREATE TABLE public.trust_recovery_code (
    id uuid NOT NULL,
    digest character varying(64) NOT NULL,
    used_at timestamp with time zone,
    user_id uuid NOT NULL
);

CREATE TABLE public.trust_seat (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    role character varying(20) NOT NULL,
    title character varying(120) NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    user_id uuid NOT NULL,
    default_audience character varying(2000) DEFAULT ''::character varying NOT NULL
);

CREATE TABLE public.trust_secret (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    name character varying(120) NOT NULL,
    sealed bytea NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

CREATE TABLE public.trust_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL,
    user_id uuid
);

CREATE TABLE public.trust_sign_in_provider (
    id uuid NOT NULL,
    into_workspace integer NOT NULL,
    name character varying(60) NOT NULL,
    issuer character varying(500) NOT NULL,
    client_id character varying(255) NOT NULL,
    is_inside boolean NOT NULL,
    is_active boolean NOT NULL,
    domains character varying(253)[] NOT NULL,
    seat_role character varying(20) NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE public.trust_team (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    name character varying(80) NOT NULL,
    created_at timestamp with time zone NOT NULL
);

CREATE TABLE public.trust_team_member (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    seat_id uuid NOT NULL,
    team_id uuid NOT NULL
);

CREATE TABLE public.trust_user (
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    id uuid NOT NULL,
    email character varying(254) NOT NULL,
    name character varying(120) NOT NULL,
    language character varying(5) NOT NULL,
    theme character varying(5) NOT NULL,
    has_keys boolean NOT NULL,
    is_active boolean NOT NULL,
    created_at timestamp with time zone NOT NULL,
    start_page character varying(300) NOT NULL,
    time_zone character varying(60) NOT NULL
);

CREATE TABLE public.trust_workspace (
    id integer NOT NULL,
    public_id uuid NOT NULL,
    name character varying(120) NOT NULL,
    country character varying(2) NOT NULL,
    timezone character varying(60) NOT NULL,
    domains character varying(253)[] NOT NULL,
    example_operation_id uuid,
    created_at timestamp with time zone NOT NULL,
    second_factor character varying(15) NOT NULL
);

ALTER TABLE public.trust_workspace ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.trust_workspace_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.webforms_address (
    id uuid NOT NULL,
    digest character varying(64) NOT NULL,
    into_workspace integer NOT NULL,
    circle integer NOT NULL,
    form_id uuid NOT NULL,
    user_id uuid NOT NULL
);

CREATE TABLE public.webforms_confirmed (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    language character varying(2) NOT NULL,
    came_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone NOT NULL,
    moment_id uuid NOT NULL,
    text_id uuid,
    form_id uuid
);

CREATE TABLE public.webforms_form (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    version integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    name character varying(120) NOT NULL,
    key character varying(64) NOT NULL COLLATE pg_catalog."C",
    origins character varying(300)[] NOT NULL,
    work character varying(10) NOT NULL,
    is_open boolean NOT NULL,
    removed_at timestamp with time zone,
    for_seat_id uuid,
    seat_id uuid
);

CREATE TABLE public.webforms_submission (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    email character varying(500) NOT NULL COLLATE pg_catalog."C",
    answers jsonb NOT NULL,
    yes jsonb NOT NULL,
    language character varying(2) NOT NULL,
    came_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    link character varying(64) NOT NULL COLLATE pg_catalog."C",
    mailed_at timestamp with time zone,
    confirmed_at timestamp with time zone,
    text_id uuid NOT NULL,
    form_id uuid NOT NULL
);

CREATE TABLE public.webforms_text (
    id uuid NOT NULL,
    workspace_id integer NOT NULL,
    circle_id integer NOT NULL,
    number integer NOT NULL,
    title_nl character varying(120) NOT NULL,
    title_en character varying(120) NOT NULL,
    intro_nl text NOT NULL,
    intro_en text NOT NULL,
    thanks_nl text NOT NULL,
    thanks_en text NOT NULL,
    thanks_url character varying(1000) NOT NULL,
    asks jsonb NOT NULL,
    own jsonb NOT NULL,
    purposes uuid[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    seat_id uuid,
    form_id uuid NOT NULL
);

ALTER TABLE ONLY public.procrastinate_events ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_events_id_seq'::regclass);

ALTER TABLE ONLY public.procrastinate_jobs ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_jobs_id_seq'::regclass);

ALTER TABLE ONLY public.procrastinate_periodic_defers ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_periodic_defers_id_seq'::regclass);

ALTER TABLE ONLY public.api_kept_answer
    ADD CONSTRAINT api_answer_once UNIQUE (workspace_id, seat_id, digest);

ALTER TABLE ONLY public.api_kept_answer
    ADD CONSTRAINT api_kept_answer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.asking_link
    ADD CONSTRAINT asking_link_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.asking_link
    ADD CONSTRAINT asking_link_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.asking_request
    ADD CONSTRAINT asking_request_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.asking_settings
    ADD CONSTRAINT asking_settings_once UNIQUE (workspace_id);

ALTER TABLE ONLY public.asking_settings
    ADD CONSTRAINT asking_settings_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.asking_step
    ADD CONSTRAINT asking_step_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.asking_turn
    ADD CONSTRAINT asking_turn_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.channels_connection
    ADD CONSTRAINT channels_connection_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.channels_connection_problem
    ADD CONSTRAINT channels_connection_problem_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.channels_import_problem
    ADD CONSTRAINT channels_import_problem_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.channels_mail_import
    ADD CONSTRAINT channels_mail_import_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.channels_mail_server
    ADD CONSTRAINT channels_mail_server_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.channels_sunk_letter
    ADD CONSTRAINT channels_sunk_letter_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.channels_upload
    ADD CONSTRAINT channels_upload_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.consent_decision
    ADD CONSTRAINT consent_decision_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.consent_in_force
    ADD CONSTRAINT consent_in_force_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.consent_list
    ADD CONSTRAINT consent_list_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.consent_never_contact
    ADD CONSTRAINT consent_never_contact_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.consent_purpose
    ADD CONSTRAINT consent_purpose_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.consent_purpose_text
    ADD CONSTRAINT consent_purpose_text_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.consent_restriction
    ADD CONSTRAINT consent_restriction_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.consent_retention_rule
    ADD CONSTRAINT consent_retention_rule_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.consent_retention_rule
    ADD CONSTRAINT consent_rule_once UNIQUE (workspace_id, key);

ALTER TABLE ONLY public.consent_settings
    ADD CONSTRAINT consent_settings_once UNIQUE (workspace_id);

ALTER TABLE ONLY public.consent_settings
    ADD CONSTRAINT consent_settings_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.consent_step_choice
    ADD CONSTRAINT consent_step_choice_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.consent_step_choice
    ADD CONSTRAINT consent_step_once UNIQUE (workspace_id, seat_id);

ALTER TABLE ONLY public.consent_subject
    ADD CONSTRAINT consent_subject_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.core_audit_entry
    ADD CONSTRAINT core_audit_entry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.core_audit_head
    ADD CONSTRAINT core_audit_head_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.core_audit_entry
    ADD CONSTRAINT core_audit_place UNIQUE (workspace_id, seq);

ALTER TABLE ONLY public.core_change
    ADD CONSTRAINT core_change_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.core_operation
    ADD CONSTRAINT core_operation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.core_protection
    ADD CONSTRAINT core_protection_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.core_search_document
    ADD CONSTRAINT core_search_document_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.core_search_token
    ADD CONSTRAINT core_search_token_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.core_search_word
    ADD CONSTRAINT core_search_word_once UNIQUE (workspace_id, word, circle_id);

ALTER TABLE ONLY public.core_search_word
    ADD CONSTRAINT core_search_word_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.dav_device_key
    ADD CONSTRAINT dav_device_key_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.dav_device_key
    ADD CONSTRAINT dav_device_key_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.dav_kept
    ADD CONSTRAINT dav_kept_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.dav_mirrored
    ADD CONSTRAINT dav_mirrored_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.dav_told
    ADD CONSTRAINT dav_told_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);

ALTER TABLE ONLY public.documents_file_record
    ADD CONSTRAINT documents_file_record_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.documents_file_text
    ADD CONSTRAINT documents_file_text_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.erasure_erasure
    ADD CONSTRAINT erasure_erasure_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.hooks_address
    ADD CONSTRAINT hooks_address_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.hooks_address
    ADD CONSTRAINT hooks_address_hook_id_key UNIQUE (hook_id);

ALTER TABLE ONLY public.hooks_address
    ADD CONSTRAINT hooks_address_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.hooks_delivery
    ADD CONSTRAINT hooks_delivery_once UNIQUE (workspace_id, hook_id, key);

ALTER TABLE ONLY public.hooks_delivery
    ADD CONSTRAINT hooks_delivery_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.hooks_hook
    ADD CONSTRAINT hooks_hook_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.hooks_out
    ADD CONSTRAINT hooks_out_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.hooks_telling
    ADD CONSTRAINT hooks_telling_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.identity_apart
    ADD CONSTRAINT identity_apart_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.identity_book_run
    ADD CONSTRAINT identity_book_run_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.identity_key
    ADD CONSTRAINT identity_key_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.identity_pair
    ADD CONSTRAINT identity_pair_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.identity_review
    ADD CONSTRAINT identity_review_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.identity_settings
    ADD CONSTRAINT identity_settings_once UNIQUE (workspace_id);

ALTER TABLE ONLY public.identity_settings
    ADD CONSTRAINT identity_settings_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.identity_sureness
    ADD CONSTRAINT identity_sureness_once UNIQUE (workspace_id);

ALTER TABLE ONLY public.identity_sureness
    ADD CONSTRAINT identity_sureness_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.identity_term
    ADD CONSTRAINT identity_term_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.identity_term
    ADD CONSTRAINT identity_term_value UNIQUE (workspace_id, value);

ALTER TABLE ONLY public.imports_contact_import
    ADD CONSTRAINT imports_contact_import_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.imports_foreseen
    ADD CONSTRAINT imports_foreseen_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.imports_left_out
    ADD CONSTRAINT imports_left_out_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.inbox_message
    ADD CONSTRAINT inbox_message_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.listening_listened
    ADD CONSTRAINT listening_listened_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.listening_minutes
    ADD CONSTRAINT listening_minutes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.listening_minutes
    ADD CONSTRAINT listening_minutes_seat UNIQUE (workspace_id, seat_id);

ALTER TABLE ONLY public.listening_search
    ADD CONSTRAINT listening_search_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.lists_bulk_batch
    ADD CONSTRAINT lists_bulk_batch_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.lists_bulk_failure
    ADD CONSTRAINT lists_bulk_failure_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.lists_bulk_run
    ADD CONSTRAINT lists_bulk_run_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.lists_pinned_view
    ADD CONSTRAINT lists_pin_once UNIQUE (workspace_id, seat_id, view_id);

ALTER TABLE ONLY public.lists_pinned_view
    ADD CONSTRAINT lists_pinned_view_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.lists_view
    ADD CONSTRAINT lists_view_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.metadata_field
    ADD CONSTRAINT metadata_field_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.metadata_group
    ADD CONSTRAINT metadata_group_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.metadata_index
    ADD CONSTRAINT metadata_index_once UNIQUE (workspace_id, field_id);

ALTER TABLE ONLY public.metadata_index
    ADD CONSTRAINT metadata_index_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moments_attachment
    ADD CONSTRAINT moments_attachment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moments_cell
    ADD CONSTRAINT moments_cell_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moments_correction
    ADD CONSTRAINT moments_correction_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moments_delivery
    ADD CONSTRAINT moments_delivery_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moments_draft
    ADD CONSTRAINT moments_draft_once UNIQUE (workspace_id, seat_id, key);

ALTER TABLE ONLY public.moments_draft
    ADD CONSTRAINT moments_draft_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moments_guest
    ADD CONSTRAINT moments_guest_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moments_job_news
    ADD CONSTRAINT moments_job_news_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moments_learned
    ADD CONSTRAINT moments_learned_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moments_mail_share
    ADD CONSTRAINT moments_mail_share_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moments_moment
    ADD CONSTRAINT moments_moment_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moments_participant
    ADD CONSTRAINT moments_participant_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moments_planning
    ADD CONSTRAINT moments_planning_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moments_proposal
    ADD CONSTRAINT moments_proposal_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moments_recognised
    ADD CONSTRAINT moments_recognised_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moments_reference
    ADD CONSTRAINT moments_reference_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moments_reminded
    ADD CONSTRAINT moments_reminded_once UNIQUE NULLS NOT DISTINCT (workspace_id, seat_id, todo_id, moment_id, at);

ALTER TABLE ONLY public.moments_reminded
    ADD CONSTRAINT moments_reminded_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moments_series
    ADD CONSTRAINT moments_series_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moments_source
    ADD CONSTRAINT moments_source_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moments_subject
    ADD CONSTRAINT moments_subject_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moments_tagging
    ADD CONSTRAINT moments_tagging_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moments_text
    ADD CONSTRAINT moments_text_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moments_todo
    ADD CONSTRAINT moments_todo_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moments_topic
    ADD CONSTRAINT moments_topic_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moments_topicsuggestion
    ADD CONSTRAINT moments_topicsuggestion_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.moments_values
    ADD CONSTRAINT moments_values_once UNIQUE (workspace_id, moment_id, group_id);

ALTER TABLE ONLY public.moments_values
    ADD CONSTRAINT moments_values_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.mypage_request
    ADD CONSTRAINT mypage_request_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.mypage_settings
    ADD CONSTRAINT mypage_settings_once UNIQUE (workspace_id);

ALTER TABLE ONLY public.mypage_settings
    ADD CONSTRAINT mypage_settings_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.mypage_way
    ADD CONSTRAINT mypage_way_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.mypage_way
    ADD CONSTRAINT mypage_way_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.network_answer
    ADD CONSTRAINT network_answer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.network_bridge
    ADD CONSTRAINT network_bridge_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.network_census
    ADD CONSTRAINT network_census_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.network_contact
    ADD CONSTRAINT network_contact_pair UNIQUE (workspace_id, low_id, high_id, circle_id);

ALTER TABLE ONLY public.network_contact
    ADD CONSTRAINT network_contact_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.network_feed
    ADD CONSTRAINT network_feed_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.network_group
    ADD CONSTRAINT network_group_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.network_half
    ADD CONSTRAINT network_half_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.network_influence
    ADD CONSTRAINT network_influence_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.network_measuring
    ADD CONSTRAINT network_measuring_once UNIQUE (workspace_id);

ALTER TABLE ONLY public.network_measuring
    ADD CONSTRAINT network_measuring_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.network_refusal
    ADD CONSTRAINT network_refusal_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.network_snapshot
    ADD CONSTRAINT network_snapshot_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notifications_device
    ADD CONSTRAINT notifications_device_once UNIQUE (workspace_id, digest);

ALTER TABLE ONLY public.notifications_device
    ADD CONSTRAINT notifications_device_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notifications_notification
    ADD CONSTRAINT notifications_notification_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.notifications_notification
    ADD CONSTRAINT notifications_once UNIQUE (workspace_id, seat_id, act, about);

ALTER TABLE ONLY public.notifications_preference
    ADD CONSTRAINT notifications_preference_once UNIQUE (workspace_id, seat_id);

ALTER TABLE ONLY public.notifications_preference
    ADD CONSTRAINT notifications_preference_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.opinions_endpoint
    ADD CONSTRAINT opinions_endpoint_one UNIQUE (workspace_id);

ALTER TABLE ONLY public.opinions_endpoint
    ADD CONSTRAINT opinions_endpoint_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.opinions_spending
    ADD CONSTRAINT opinions_spending_day UNIQUE (workspace_id, day);

ALTER TABLE ONLY public.opinions_spending
    ADD CONSTRAINT opinions_spending_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox_identity
    ADD CONSTRAINT outbox_identity_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox_mail_file
    ADD CONSTRAINT outbox_mail_file_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox_mail
    ADD CONSTRAINT outbox_mail_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox_template
    ADD CONSTRAINT outbox_template_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_unique UNIQUE (task_name, periodic_id, defer_timestamp);

ALTER TABLE ONLY public.procrastinate_workers
    ADD CONSTRAINT procrastinate_workers_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.questions_answer
    ADD CONSTRAINT questions_answer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.questions_asked
    ADD CONSTRAINT questions_asked_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.questions_question
    ADD CONSTRAINT questions_question_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.questions_turn
    ADD CONSTRAINT questions_turn_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.relations_cell
    ADD CONSTRAINT relations_cell_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.relations_contact_point_link
    ADD CONSTRAINT relations_contact_point_link_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.relations_contact_point
    ADD CONSTRAINT relations_contact_point_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.relations_erased_address
    ADD CONSTRAINT relations_erased_address_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.relations_favourite
    ADD CONSTRAINT relations_favourite_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.relations_follow
    ADD CONSTRAINT relations_follow_once UNIQUE (workspace_id, relation_id, seat_id);

ALTER TABLE ONLY public.relations_follow
    ADD CONSTRAINT relations_follow_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.relations_former
    ADD CONSTRAINT relations_former_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.relations_important_date
    ADD CONSTRAINT relations_important_date_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.relations_interest
    ADD CONSTRAINT relations_interest_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.relations_membership
    ADD CONSTRAINT relations_membership_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.relations_relation
    ADD CONSTRAINT relations_relation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.relations_tag
    ADD CONSTRAINT relations_tag_name UNIQUE (workspace_id, circle_id, name);

ALTER TABLE ONLY public.relations_tag
    ADD CONSTRAINT relations_tag_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.relations_tagging
    ADD CONSTRAINT relations_tagging_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.relations_tie
    ADD CONSTRAINT relations_tie_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.relations_tie_type
    ADD CONSTRAINT relations_tie_type_key UNIQUE (workspace_id, key);

ALTER TABLE ONLY public.relations_tie_type
    ADD CONSTRAINT relations_tie_type_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.relations_values
    ADD CONSTRAINT relations_values_once UNIQUE (workspace_id, relation_id, group_id);

ALTER TABLE ONLY public.relations_values
    ADD CONSTRAINT relations_values_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.relations_visit
    ADD CONSTRAINT relations_visit_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.telephone_exchange
    ADD CONSTRAINT telephone_exchange_one UNIQUE (workspace_id);

ALTER TABLE ONLY public.telephone_exchange
    ADD CONSTRAINT telephone_exchange_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.telephone_line
    ADD CONSTRAINT telephone_line_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.telephone_line
    ADD CONSTRAINT telephone_line_seat UNIQUE (workspace_id, seat_id);

ALTER TABLE ONLY public.telephone_ring
    ADD CONSTRAINT telephone_ring_once UNIQUE (workspace_id, seat_id, key);

ALTER TABLE ONLY public.telephone_ring
    ADD CONSTRAINT telephone_ring_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.trust_api_token
    ADD CONSTRAINT trust_api_token_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.trust_api_token
    ADD CONSTRAINT trust_api_token_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.trust_attempt
    ADD CONSTRAINT trust_attempt_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.trust_circle
    ADD CONSTRAINT trust_circle_key UNIQUE (workspace_id, key);

ALTER TABLE ONLY public.trust_circle
    ADD CONSTRAINT trust_circle_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.trust_circle_seat
    ADD CONSTRAINT trust_circle_seat_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.trust_code_app
    ADD CONSTRAINT trust_code_app_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.trust_external_identity
    ADD CONSTRAINT trust_external_identity_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.trust_external_identity
    ADD CONSTRAINT trust_identity_once UNIQUE (issuer, subject);

ALTER TABLE ONLY public.trust_look
    ADD CONSTRAINT trust_look_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.trust_one_time_link
    ADD CONSTRAINT trust_one_time_link_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.trust_one_time_link
    ADD CONSTRAINT trust_one_time_link_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.trust_passkey
    ADD CONSTRAINT trust_passkey_credential_id_key UNIQUE (credential_id);

ALTER TABLE ONLY public.trust_passkey
    ADD CONSTRAINT trust_passkey_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.trust_rate_count
    ADD CONSTRAINT trust_rate_count_pkey PRIMARY KEY (subject);

ALTER TABLE ONLY public.trust_recovery_code
    ADD CONSTRAINT trust_recovery_code_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.trust_seat
    ADD CONSTRAINT trust_seat_once UNIQUE (workspace_id, user_id);

ALTER TABLE ONLY public.trust_seat
    ADD CONSTRAINT trust_seat_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.trust_secret
    ADD CONSTRAINT trust_secret_name UNIQUE (workspace_id, name);

ALTER TABLE ONLY public.trust_secret
    ADD CONSTRAINT trust_secret_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.trust_session
    ADD CONSTRAINT trust_session_pkey PRIMARY KEY (session_key);

ALTER TABLE ONLY public.trust_sign_in_provider
    ADD CONSTRAINT trust_sign_in_provider_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.trust_team_member
    ADD CONSTRAINT trust_team_member_once UNIQUE (workspace_id, team_id, seat_id);

ALTER TABLE ONLY public.trust_team_member
    ADD CONSTRAINT trust_team_member_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.trust_team
    ADD CONSTRAINT trust_team_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.trust_user
    ADD CONSTRAINT trust_user_email_key UNIQUE (email);

ALTER TABLE ONLY public.trust_user
    ADD CONSTRAINT trust_user_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.trust_workspace
    ADD CONSTRAINT trust_workspace_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.webforms_address
    ADD CONSTRAINT webforms_address_digest_key UNIQUE (digest);

ALTER TABLE ONLY public.webforms_address
    ADD CONSTRAINT webforms_address_form_id_key UNIQUE (form_id);

ALTER TABLE ONLY public.webforms_address
    ADD CONSTRAINT webforms_address_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.webforms_confirmed
    ADD CONSTRAINT webforms_confirmed_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.webforms_form
    ADD CONSTRAINT webforms_form_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.webforms_submission
    ADD CONSTRAINT webforms_submission_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.webforms_text
    ADD CONSTRAINT webforms_text_pkey PRIMARY KEY (id);

CREATE INDEX api_answer_age ON public.api_kept_answer USING btree (workspace_id, created_at);

CREATE INDEX asking_link_digest_fde03d88_like ON public.asking_link USING btree (digest varchar_pattern_ops);

CREATE INDEX asking_link_over ON public.asking_link USING btree (expires_at);

CREATE INDEX asking_link_turn ON public.asking_link USING btree (turn_id);

CREATE INDEX asking_request_operation ON public.asking_request USING btree (workspace_id, operation_id);

CREATE INDEX asking_request_over ON public.asking_request USING btree (workspace_id, state, expires_at);

CREATE INDEX asking_request_seat ON public.asking_request USING btree (workspace_id, seat_id, created_at DESC, id DESC);

CREATE INDEX asking_request_target ON public.asking_request USING btree (workspace_id, target_id);

CREATE INDEX asking_step_person ON public.asking_step USING btree (workspace_id, person_id);

CREATE INDEX asking_step_request ON public.asking_step USING btree (workspace_id, request_id, place);

CREATE INDEX asking_turn_asker ON public.asking_turn USING btree (workspace_id, asker_id);

CREATE INDEX asking_turn_mail ON public.asking_turn USING btree (workspace_id, mail_id) WHERE (mail_id IS NOT NULL);

CREATE INDEX asking_turn_person ON public.asking_turn USING btree (workspace_id, person_id, asked_at DESC);

CREATE INDEX asking_turn_request ON public.asking_turn USING btree (workspace_id, request_id, place);

CREATE INDEX asking_turn_seat ON public.asking_turn USING btree (workspace_id, seat_id, state, asked_at DESC);

CREATE INDEX asking_turn_target ON public.asking_turn USING btree (workspace_id, target_id);

CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);

CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);

CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);

CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);

CREATE INDEX channels_connection_due ON public.channels_connection USING btree (workspace_id, next_try_at) WHERE ((state)::text = 'active'::text);

CREATE INDEX channels_import_recent ON public.channels_mail_import USING btree (workspace_id, created_at DESC);

CREATE INDEX channels_problem_import ON public.channels_import_problem USING btree (workspace_id, mail_import_id);

CREATE INDEX channels_refused_connection ON public.channels_connection_problem USING btree (workspace_id, connection_id);

CREATE INDEX channels_sunk_recent ON public.channels_sunk_letter USING btree (workspace_id, at DESC);

CREATE INDEX consent_decision_point ON public.consent_decision USING btree (workspace_id, point_value) WHERE (NOT ((point_value)::text = ''::text));

CREATE INDEX consent_decision_purpose ON public.consent_decision USING btree (workspace_id, purpose_id, recorded_at DESC);

CREATE INDEX consent_decision_state ON public.consent_decision USING btree (workspace_id, subject_id, purpose_id, point_kind, point_value, decided_at DESC, id DESC);

CREATE INDEX consent_force_decision ON public.consent_in_force USING btree (workspace_id, decision_id);

CREATE INDEX consent_force_purpose ON public.consent_in_force USING btree (workspace_id, purpose_id);

CREATE INDEX consent_force_subject ON public.consent_in_force USING btree (workspace_id, subject_id);

CREATE INDEX consent_force_text ON public.consent_in_force USING btree (workspace_id, text_id);

CREATE INDEX consent_list_seat ON public.consent_list USING btree (workspace_id, seat_id, created_at DESC);

CREATE INDEX consent_never_digest ON public.consent_never_contact USING btree (workspace_id, digest);

CREATE INDEX consent_purpose_order ON public.consent_purpose USING btree (workspace_id, "position", id);

CREATE INDEX consent_restriction_subject ON public.consent_restriction USING btree (workspace_id, subject_id);

CREATE INDEX consent_subject_relation ON public.consent_subject USING btree (workspace_id, relation_id);

CREATE INDEX consent_text_purpose ON public.consent_purpose_text USING btree (workspace_id, purpose_id, number DESC);

CREATE INDEX core_audit_head_place ON public.core_audit_head USING btree (workspace_id, kind, seq);

CREATE INDEX core_audit_recent ON public.core_audit_entry USING btree (workspace_id, at DESC, id DESC);

CREATE INDEX core_audit_records ON public.core_audit_entry USING gin (workspace_id, records);

CREATE INDEX core_audit_run ON public.core_audit_entry USING btree (workspace_id, run_id) WHERE (run_id IS NOT NULL);

CREATE INDEX core_audit_seat ON public.core_audit_entry USING btree (workspace_id, seat_id, at DESC);

CREATE INDEX core_change_about ON public.core_change USING btree (workspace_id, about_id, id DESC);

CREATE INDEX core_change_operation ON public.core_change USING btree (workspace_id, operation_id, id);

CREATE INDEX core_change_removed ON public.core_change USING btree (workspace_id, table_name) WHERE ((kind)::text = 'D'::text);

CREATE INDEX core_change_row ON public.core_change USING btree (workspace_id, row_id, id);

CREATE INDEX core_operation_recent ON public.core_operation USING btree (workspace_id, started_at DESC, id);

CREATE INDEX core_search_contacts ON public.core_search_document USING gin (workspace_id, words) WHERE ((kind)::text = 'contact'::text);

CREATE INDEX core_search_digits ON public.core_search_document USING gin (digits public.gin_trgm_ops) WHERE (NOT (digits = ''::text));

CREATE INDEX core_search_newest ON public.core_search_document USING btree (workspace_id, occurred_at DESC, circle_id) WHERE ((kind)::text = ANY ((ARRAY['subject'::character varying, 'text'::character varying])::text[]));

CREATE INDEX core_search_questions ON public.core_search_document USING gin (workspace_id, words) WHERE ((kind)::text = 'question'::text);

CREATE INDEX core_search_record ON public.core_search_document USING btree (workspace_id, record_id);

CREATE INDEX core_search_texts ON public.core_search_document USING gin (workspace_id, words) WHERE ((kind)::text = ANY ((ARRAY['subject'::character varying, 'text'::character varying])::text[]));

CREATE INDEX core_search_title ON public.core_search_document USING gin (title public.gin_trgm_ops) WHERE ((kind)::text = ANY ((ARRAY['person'::character varying, 'organization'::character varying])::text[]));

CREATE INDEX core_search_todos ON public.core_search_document USING gin (words) WHERE ((kind)::text = 'todo'::text);

CREATE INDEX core_search_values ON public.core_search_document USING gin (workspace_id, words) WHERE ((kind)::text = 'values'::text);

CREATE INDEX core_search_word_like ON public.core_search_word USING gin (circle_id, word public.gin_trgm_ops);

CREATE INDEX core_token_document ON public.core_search_token USING btree (workspace_id, document_id);

CREATE INDEX core_token_reader ON public.core_search_token USING btree (workspace_id, token, title, circle_id);

CREATE INDEX dav_device_key_digest_ae41c54a_like ON public.dav_device_key USING btree (digest varchar_pattern_ops);

CREATE INDEX dav_device_key_user_id_fac61229 ON public.dav_device_key USING btree (user_id);

CREATE INDEX dav_kept_moment ON public.dav_kept USING btree (workspace_id, moment_id) WHERE (moment_id IS NOT NULL);

CREATE INDEX dav_kept_name ON public.dav_kept USING btree (workspace_id, seat_id, collection, name);

CREATE INDEX dav_kept_relation ON public.dav_kept USING btree (workspace_id, relation_id) WHERE (relation_id IS NOT NULL);

CREATE INDEX dav_kept_todo ON public.dav_kept USING btree (workspace_id, todo_id) WHERE (todo_id IS NOT NULL);

CREATE INDEX dav_mirrored_moment ON public.dav_mirrored USING btree (workspace_id, moment_id) WHERE (moment_id IS NOT NULL);

CREATE INDEX dav_mirrored_name ON public.dav_mirrored USING btree (workspace_id, connection_id, name);

CREATE INDEX dav_mirrored_relation ON public.dav_mirrored USING btree (workspace_id, relation_id) WHERE (relation_id IS NOT NULL);

CREATE INDEX dav_mirrored_todo ON public.dav_mirrored USING btree (workspace_id, todo_id) WHERE (todo_id IS NOT NULL);

CREATE INDEX dav_told_latest ON public.dav_told USING btree (workspace_id, key_id, collection, at DESC);

CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);

CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);

CREATE INDEX documents_record_file ON public.documents_file_record USING btree (workspace_id, attachment_id, place);

CREATE INDEX documents_record_from ON public.documents_file_record USING gin (from_keys);

CREATE INDEX documents_record_moment ON public.documents_file_record USING btree (workspace_id, moment_id);

CREATE INDEX documents_record_number ON public.documents_file_record USING btree (workspace_id, number) WHERE (NOT ((number)::text = ''::text));

CREATE INDEX documents_record_payment ON public.documents_file_record USING btree (workspace_id, amount) WHERE ((kind)::text = 'payment'::text);

CREATE INDEX documents_record_to ON public.documents_file_record USING gin (to_keys);

CREATE INDEX documents_text_file ON public.documents_file_text USING btree (workspace_id, attachment_id);

CREATE INDEX documents_text_moment ON public.documents_file_text USING btree (workspace_id, moment_id);

CREATE INDEX erasure_subject ON public.erasure_erasure USING btree (workspace_id, subject_id);

CREATE INDEX erasure_unfinished ON public.erasure_erasure USING btree (workspace_id, asked_at) WHERE (done_at IS NULL);

CREATE INDEX hooks_address_digest_3424cfb2_like ON public.hooks_address USING btree (digest varchar_pattern_ops);

CREATE INDEX hooks_address_taken ON public.hooks_address USING btree (taken_at);

CREATE INDEX hooks_address_user_id_21d79118 ON public.hooks_address USING btree (user_id);

CREATE INDEX hooks_delivery_recent ON public.hooks_delivery USING btree (workspace_id, hook_id, received_at DESC);

CREATE INDEX hooks_delivery_state ON public.hooks_delivery USING btree (workspace_id, hook_id, state, received_at);

CREATE INDEX hooks_hook_made ON public.hooks_hook USING btree (workspace_id, created_at);

CREATE INDEX hooks_out_made ON public.hooks_out USING btree (workspace_id, created_at);

CREATE INDEX hooks_telling_due ON public.hooks_telling USING btree (workspace_id, hook_id, state, next_try_at);

CREATE INDEX hooks_telling_recent ON public.hooks_telling USING btree (workspace_id, hook_id, happened_at DESC);

CREATE INDEX identity_apart_key ON public.identity_apart USING btree (workspace_id, key);

CREATE INDEX identity_apart_other ON public.identity_apart USING btree (workspace_id, other_id);

CREATE INDEX identity_apart_point ON public.identity_apart USING btree (workspace_id, contact_point_id);

CREATE INDEX identity_apart_relation ON public.identity_apart USING btree (workspace_id, relation_id);

CREATE INDEX identity_book_recent ON public.identity_book_run USING btree (workspace_id, seat_id, created_at DESC);

CREATE INDEX identity_key_relation ON public.identity_key USING btree (workspace_id, relation_id);

CREATE INDEX identity_key_value ON public.identity_key USING btree (workspace_id, kind, value, circle_id, relation_id);

CREATE INDEX identity_pair_bits ON public.identity_pair USING btree (workspace_id, bits DESC, id);

CREATE INDEX identity_pair_brought ON public.identity_pair USING btree (workspace_id, brought_by) WHERE (brought_by IS NOT NULL);

CREATE INDEX identity_pair_one ON public.identity_pair USING btree (workspace_id, one_id);

CREATE INDEX identity_pair_other ON public.identity_pair USING btree (workspace_id, other_id);

CREATE INDEX identity_review_one ON public.identity_review USING btree (workspace_id, one_id);

CREATE INDEX identity_review_other ON public.identity_review USING btree (workspace_id, other_id);

CREATE INDEX idx_procrastinate_jobs_worker_not_null ON public.procrastinate_jobs USING btree (worker_id) WHERE ((worker_id IS NOT NULL) AND (status = 'doing'::public.procrastinate_job_status));

CREATE INDEX idx_procrastinate_workers_last_heartbeat ON public.procrastinate_workers USING btree (last_heartbeat);

CREATE INDEX imports_foreseen_import ON public.imports_foreseen USING btree (workspace_id, contact_import_id, number);

CREATE INDEX imports_left_out_import ON public.imports_left_out USING btree (workspace_id, contact_import_id, number);

CREATE INDEX imports_recent ON public.imports_contact_import USING btree (workspace_id, created_at DESC);

CREATE INDEX inbox_assignee ON public.inbox_message USING btree (workspace_id, assignee_id) WHERE (assignee_id IS NOT NULL);

CREATE INDEX inbox_day ON public.inbox_message USING btree (workspace_id, came_at DESC);

CREATE INDEX inbox_done ON public.inbox_message USING btree (workspace_id, done_at DESC, id DESC) WHERE ((state)::text = 'done'::text);

CREATE INDEX inbox_done_by ON public.inbox_message USING btree (workspace_id, done_by_id) WHERE (done_by_id IS NOT NULL);

CREATE INDEX inbox_filed ON public.inbox_message USING btree (workspace_id, at DESC, id DESC) WHERE ((lane)::text = 'filed'::text);

CREATE INDEX inbox_moment ON public.inbox_message USING btree (workspace_id, moment_id);

CREATE INDEX inbox_open ON public.inbox_message USING btree (workspace_id, at DESC, id DESC) WHERE (((state)::text = 'open'::text) AND (is_kept OR (NOT ((lane)::text = 'filed'::text))));

CREATE INDEX listening_listened_day ON public.listening_listened USING btree (workspace_id, seat_id, day DESC);

CREATE INDEX listening_listened_moment ON public.listening_listened USING btree (workspace_id, moment_id);

CREATE INDEX listening_search_name ON public.listening_search USING btree (workspace_id, name, id);

CREATE INDEX listening_search_relation ON public.listening_search USING btree (workspace_id, relation_id) WHERE (relation_id IS NOT NULL);

CREATE INDEX listening_search_topic ON public.listening_search USING btree (workspace_id, topic_id) WHERE (topic_id IS NOT NULL);

CREATE INDEX lists_bulk_batch_next ON public.lists_bulk_batch USING btree (workspace_id, run_id, number);

CREATE INDEX lists_bulk_failure_run ON public.lists_bulk_failure USING btree (workspace_id, run_id, id);

CREATE INDEX lists_bulk_operation ON public.lists_bulk_run USING btree (workspace_id, operation_id);

CREATE INDEX lists_bulk_recent ON public.lists_bulk_run USING btree (workspace_id, seat_id, created_at DESC);

CREATE INDEX lists_view_kind ON public.lists_view USING btree (workspace_id, kind, name, id);

CREATE INDEX metadata_field_order ON public.metadata_field USING btree (workspace_id, group_id, "position", id);

CREATE INDEX metadata_group_order ON public.metadata_group USING btree (workspace_id, "position", id);

CREATE INDEX moments_agenda ON public.moments_moment USING btree (workspace_id, occurred_at) WHERE (((state)::text = 'planned'::text) OR ((kind)::text = ANY ((ARRAY['visit'::character varying, 'meeting'::character varying])::text[])));

CREATE INDEX moments_attachment_hash ON public.moments_attachment USING btree (workspace_id, sha256);

CREATE INDEX moments_attachment_moment ON public.moments_attachment USING btree (workspace_id, moment_id);

CREATE INDEX moments_calendar ON public.moments_moment USING btree (workspace_id, calendar_uid) WHERE (NOT ((calendar_uid)::text = ''::text));

CREATE INDEX moments_cell_far ON public.moments_cell USING btree (workspace_id, ref_id) WHERE (ref_id IS NOT NULL);

CREATE INDEX moments_cell_key ON public.moments_cell USING btree (workspace_id, key, moment_id) INCLUDE (circle_id);

CREATE INDEX moments_cell_record ON public.moments_cell USING btree (workspace_id, moment_id, key) INCLUDE (circle_id);

CREATE INDEX moments_correction_moment ON public.moments_correction USING btree (workspace_id, moment_id);

CREATE INDEX moments_correction_said ON public.moments_correction USING btree (workspace_id, said_at, id);

CREATE INDEX moments_correction_text ON public.moments_correction USING btree (workspace_id, text_id);

CREATE INDEX moments_delivery_moment ON public.moments_delivery USING btree (workspace_id, moment_id);

CREATE INDEX moments_fingerprint ON public.moments_moment USING btree (workspace_id, fingerprint) WHERE (NOT ((fingerprint)::text = ''::text));

CREATE INDEX moments_guest_letter ON public.moments_guest USING btree (workspace_id, letter_id);

CREATE INDEX moments_guest_moment ON public.moments_guest USING btree (workspace_id, moment_id);

CREATE INDEX moments_guest_point ON public.moments_guest USING btree (workspace_id, contact_point_id);

CREATE INDEX moments_guest_series ON public.moments_guest USING btree (workspace_id, series_id);

CREATE INDEX moments_learned_number ON public.moments_learned USING btree (workspace_id, number DESC);

CREATE INDEX moments_news_moment ON public.moments_job_news USING btree (workspace_id, moment_id);

CREATE INDEX moments_news_open ON public.moments_job_news USING btree (workspace_id, import_id, decision, id);

CREATE INDEX moments_news_organization ON public.moments_job_news USING btree (workspace_id, organization_id);

CREATE INDEX moments_news_other ON public.moments_job_news USING btree (workspace_id, other_id) WHERE (other_id IS NOT NULL);

CREATE INDEX moments_news_person ON public.moments_job_news USING btree (workspace_id, person_id);

CREATE INDEX moments_news_point ON public.moments_job_news USING btree (workspace_id, contact_point_id);

CREATE INDEX moments_news_told ON public.moments_job_news USING btree (workspace_id, decision, heard_on, id);

CREATE INDEX moments_news_work ON public.moments_job_news USING btree (workspace_id, work_id);

CREATE INDEX moments_participant_moment ON public.moments_participant USING btree (workspace_id, moment_id);

CREATE INDEX moments_participant_point ON public.moments_participant USING btree (workspace_id, contact_point_id) WHERE (contact_point_id IS NOT NULL);

CREATE INDEX moments_planning_moment ON public.moments_planning USING btree (workspace_id, moment_id);

CREATE INDEX moments_planning_series ON public.moments_planning USING btree (workspace_id, series_id, slot) WHERE (series_id IS NOT NULL);

CREATE INDEX moments_proposal_open ON public.moments_proposal USING btree (workspace_id, import_id, decision, wrote DESC, id);

CREATE INDEX moments_proposal_point ON public.moments_proposal USING btree (workspace_id, contact_point_id);

CREATE INDEX moments_recent ON public.moments_moment USING btree (workspace_id, occurred_at DESC, id DESC);

CREATE INDEX moments_recognised_moment ON public.moments_recognised USING btree (workspace_id, moment_id);

CREATE INDEX moments_recognised_text ON public.moments_recognised USING btree (workspace_id, text_id);

CREATE INDEX moments_reference_external ON public.moments_reference USING btree (workspace_id, external_id);

CREATE INDEX moments_reference_moment ON public.moments_reference USING btree (workspace_id, moment_id);

CREATE INDEX moments_reminded_moment ON public.moments_reminded USING btree (workspace_id, moment_id);

CREATE INDEX moments_reminded_todo ON public.moments_reminded USING btree (workspace_id, todo_id);

CREATE INDEX moments_series_made ON public.moments_series USING btree (workspace_id, made_until);

CREATE INDEX moments_share_connection ON public.moments_mail_share USING btree (workspace_id, connection_id) WHERE (connection_id IS NOT NULL);

CREATE INDEX moments_share_import ON public.moments_mail_share USING btree (workspace_id, mail_import_id);

CREATE INDEX moments_share_relation ON public.moments_mail_share USING btree (workspace_id, relation_id) WHERE (relation_id IS NOT NULL);

CREATE INDEX moments_source_external ON public.moments_source USING btree (workspace_id, external_id);

CREATE INDEX moments_source_moment ON public.moments_source USING btree (workspace_id, moment_id);

CREATE INDEX moments_subject_key ON public.moments_subject USING btree (workspace_id, key) WHERE (NOT ((key)::text = ''::text));

CREATE INDEX moments_subject_moment ON public.moments_subject USING btree (workspace_id, moment_id);

CREATE INDEX moments_tagging_moment ON public.moments_tagging USING btree (workspace_id, moment_id);

CREATE INDEX moments_tagging_tag ON public.moments_tagging USING btree (workspace_id, tag_id, moment_id);

CREATE INDEX moments_text_follow_up ON public.moments_text USING btree (workspace_id, moment_id DESC) WHERE (NOT ((follow_up)::text = ''::text));

CREATE INDEX moments_text_moment ON public.moments_text USING btree (workspace_id, moment_id);

CREATE INDEX moments_thread ON public.moments_moment USING btree (workspace_id, thread_id);

CREATE INDEX moments_timeline ON public.moments_participant USING btree (workspace_id, relation_id, occurred_at DESC, moment_id DESC) WHERE (relation_id IS NOT NULL);

CREATE INDEX moments_todo_done ON public.moments_todo USING btree (workspace_id, assignee_id, done_at DESC) WHERE (done_at IS NOT NULL);

CREATE INDEX moments_todo_moment ON public.moments_todo USING btree (workspace_id, moment_id);

CREATE INDEX moments_todo_open ON public.moments_todo USING btree (workspace_id, assignee_id, due_on, due_at, id) WHERE (done_at IS NULL);

CREATE INDEX moments_todo_relation ON public.moments_todo USING btree (workspace_id, relation_id);

CREATE INDEX moments_todo_remind ON public.moments_todo USING btree (workspace_id, remind_at) WHERE ((done_at IS NULL) AND (remind_at IS NOT NULL));

CREATE INDEX moments_todo_series ON public.moments_todo USING btree (workspace_id, series_id, occurrence) WHERE (series_id IS NOT NULL);

CREATE INDEX moments_topic_name ON public.moments_topic USING btree (workspace_id, name, id);

CREATE INDEX moments_topic_suggestion ON public.moments_topicsuggestion USING btree (workspace_id, found_at, id);

CREATE INDEX moments_values_group ON public.moments_values USING btree (workspace_id, group_id);

CREATE INDEX mypage_request_due ON public.mypage_request USING btree (workspace_id, state, due_on);

CREATE INDEX mypage_request_subject ON public.mypage_request USING btree (workspace_id, subject_id);

CREATE INDEX mypage_way_digest_b2524a47_like ON public.mypage_way USING btree (digest varchar_pattern_ops);

CREATE INDEX mypage_way_over ON public.mypage_way USING btree (expires_at);

CREATE INDEX mypage_way_subject ON public.mypage_way USING btree (subject_id, created_at);

CREATE INDEX network_answer_at ON public.network_answer USING btree (workspace_id, at);

CREATE INDEX network_answer_person ON public.network_answer USING btree (workspace_id, person_id);

CREATE INDEX network_answer_seat ON public.network_answer USING btree (workspace_id, seat_id);

CREATE INDEX network_bridge_far ON public.network_bridge USING btree (workspace_id, far_id);

CREATE INDEX network_bridge_near ON public.network_bridge USING btree (workspace_id, near_id);

CREATE INDEX network_bridge_place ON public.network_bridge USING btree (workspace_id, place);

CREATE INDEX network_census_workspace ON public.network_census USING btree (workspace_id);

CREATE INDEX network_feed_since ON public.network_feed USING btree (workspace_id, transaction);

CREATE INDEX network_group_best ON public.network_group USING btree (workspace_id, best_id);

CREATE INDEX network_group_number ON public.network_group USING btree (workspace_id, number);

CREATE INDEX network_group_organization ON public.network_group USING btree (workspace_id, organization_id);

CREATE INDEX network_group_tag ON public.network_group USING btree (workspace_id, tag_id);

CREATE INDEX network_half_circle ON public.network_half USING btree (workspace_id, circle_id);

CREATE INDEX network_half_hot ON public.network_half USING btree (workspace_id, near_id, is_lasting, weight DESC) INCLUDE (far_id, circle_id, ground, starts_on, ends_on, is_shared, to_person, asked_until) WHERE is_used;

CREATE INDEX network_half_pair ON public.network_half USING btree (workspace_id, near_id, far_id);

CREATE INDEX network_influence_person ON public.network_influence USING btree (workspace_id, person_id);

CREATE INDEX network_influence_place ON public.network_influence USING btree (workspace_id, place);

CREATE INDEX network_refusal_person ON public.network_refusal USING btree (workspace_id, person_id);

CREATE INDEX network_refusal_seat ON public.network_refusal USING btree (workspace_id, seat_id, until);

CREATE INDEX network_refusal_target ON public.network_refusal USING btree (workspace_id, target_id);

CREATE INDEX network_snapshot_latest ON public.network_snapshot USING btree (workspace_id, at DESC);

CREATE INDEX notifications_by ON public.notifications_notification USING btree (workspace_id, by_id) WHERE (by_id IS NOT NULL);

CREATE INDEX notifications_device_seat ON public.notifications_device USING btree (workspace_id, seat_id);

CREATE INDEX notifications_lines ON public.notifications_notification USING btree (workspace_id, seat_id, line_at DESC, line DESC);

CREATE INDEX notifications_moment ON public.notifications_notification USING btree (workspace_id, moment_id) WHERE (moment_id IS NOT NULL);

CREATE INDEX notifications_relation ON public.notifications_notification USING btree (workspace_id, relation_id) WHERE (relation_id IS NOT NULL);

CREATE INDEX notifications_text ON public.notifications_notification USING btree (workspace_id, text_id) WHERE (text_id IS NOT NULL);

CREATE INDEX notifications_todo ON public.notifications_notification USING btree (workspace_id, todo_id) WHERE (todo_id IS NOT NULL);

CREATE INDEX notifications_unread ON public.notifications_notification USING btree (workspace_id, seat_id, line) WHERE (read_at IS NULL);

CREATE INDEX outbox_file_mail ON public.outbox_mail_file USING btree (workspace_id, mail_id);

CREATE INDEX outbox_identity_seat ON public.outbox_identity USING btree (workspace_id, seat_id);

CREATE INDEX outbox_mail_moment ON public.outbox_mail USING btree (workspace_id, moment_id);

CREATE INDEX outbox_mail_operation ON public.outbox_mail USING btree (workspace_id, operation_id);

CREATE INDEX outbox_mail_seat ON public.outbox_mail USING btree (workspace_id, seat_id, state, changed_at DESC);

CREATE INDEX outbox_mail_state ON public.outbox_mail USING btree (workspace_id, state, changed_at DESC);

CREATE INDEX outbox_template_name ON public.outbox_template USING btree (workspace_id, kind, name);

CREATE INDEX procrastinate_events_job_id_fkey_v1 ON public.procrastinate_events USING btree (job_id);

CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON public.procrastinate_jobs USING btree (id, lock) WHERE (status = ANY (ARRAY['todo'::public.procrastinate_job_status, 'doing'::public.procrastinate_job_status]));

CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON public.procrastinate_jobs USING btree (lock) WHERE (status = 'doing'::public.procrastinate_job_status);

CREATE INDEX procrastinate_jobs_priority_idx_v1 ON public.procrastinate_jobs USING btree (priority DESC, id) WHERE (status = 'todo'::public.procrastinate_job_status);

CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON public.procrastinate_jobs USING btree (queue_name);

CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON public.procrastinate_jobs USING btree (queueing_lock) WHERE (status = 'todo'::public.procrastinate_job_status);

CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON public.procrastinate_periodic_defers USING btree (job_id);

CREATE INDEX questions_answer_moment ON public.questions_answer USING btree (workspace_id, moment_id);

CREATE INDEX questions_answer_person ON public.questions_answer USING btree (workspace_id, person_id) WHERE (person_id IS NOT NULL);

CREATE INDEX questions_answer_question ON public.questions_answer USING btree (workspace_id, question_id, created_at, id);

CREATE INDEX questions_answer_seat ON public.questions_answer USING btree (workspace_id, seat_id);

CREATE INDEX questions_asked_operation ON public.questions_asked USING btree (workspace_id, operation_id) WHERE (operation_id IS NOT NULL);

CREATE INDEX questions_asked_person ON public.questions_asked USING btree (workspace_id, person_id);

CREATE INDEX questions_asked_question ON public.questions_asked USING btree (workspace_id, question_id, ring);

CREATE INDEX questions_operation ON public.questions_question USING btree (workspace_id, operation_id);

CREATE INDEX questions_question_recent ON public.questions_question USING btree (workspace_id, created_at DESC, id DESC);

CREATE INDEX questions_question_seat ON public.questions_question USING btree (workspace_id, seat_id, created_at DESC, id DESC);

CREATE INDEX questions_turn_person ON public.questions_turn USING btree (workspace_id, person_id, asked_at DESC);

CREATE INDEX questions_turn_question ON public.questions_turn USING btree (workspace_id, question_id);

CREATE INDEX questions_turn_seat ON public.questions_turn USING btree (workspace_id, seat_id, asked_at DESC);

CREATE INDEX relations_by_change ON public.relations_relation USING btree (workspace_id, kind, updated_at DESC, id);

CREATE INDEX relations_by_creation ON public.relations_relation USING btree (workspace_id, kind, created_at DESC, id);

CREATE INDEX relations_by_name ON public.relations_relation USING btree (workspace_id, kind, sort_name, id);

CREATE INDEX relations_by_owner ON public.relations_relation USING btree (workspace_id, owner_id, kind, sort_name, id);

CREATE INDEX relations_by_place ON public.relations_relation USING btree (workspace_id, kind, place, sort_name, id);

CREATE INDEX relations_cell_far ON public.relations_cell USING btree (workspace_id, ref_id) WHERE (ref_id IS NOT NULL);

CREATE INDEX relations_cell_key ON public.relations_cell USING btree (workspace_id, key, relation_id) INCLUDE (circle_id);

CREATE INDEX relations_cell_record ON public.relations_cell USING btree (workspace_id, relation_id, key) INCLUDE (circle_id);

CREATE INDEX relations_date_relation ON public.relations_important_date USING btree (workspace_id, relation_id);

CREATE INDEX relations_erased_digest ON public.relations_erased_address USING btree (workspace_id, digest);

CREATE INDEX relations_favourite_relation ON public.relations_favourite USING btree (workspace_id, relation_id);

CREATE INDEX relations_favourite_seat ON public.relations_favourite USING btree (workspace_id, seat_id, relation_id);

CREATE INDEX relations_follow_seat ON public.relations_follow USING btree (workspace_id, seat_id);

CREATE INDEX relations_former_id ON public.relations_former USING btree (workspace_id, former_id);

CREATE INDEX relations_former_relation ON public.relations_former USING btree (workspace_id, relation_id);

CREATE INDEX relations_interest_relation ON public.relations_interest USING btree (workspace_id, relation_id);

CREATE INDEX relations_link_point ON public.relations_contact_point_link USING btree (workspace_id, contact_point_id);

CREATE INDEX relations_link_relation ON public.relations_contact_point_link USING btree (workspace_id, relation_id);

CREATE INDEX relations_member_org ON public.relations_membership USING btree (workspace_id, organization_id);

CREATE INDEX relations_member_person ON public.relations_membership USING btree (workspace_id, person_id);

CREATE INDEX relations_point_value ON public.relations_contact_point USING btree (workspace_id, kind, value);

CREATE INDEX relations_seat ON public.relations_relation USING btree (workspace_id, seat_id) WHERE (seat_id IS NOT NULL);

CREATE INDEX relations_tagging_relation ON public.relations_tagging USING btree (workspace_id, relation_id);

CREATE INDEX relations_tagging_tag ON public.relations_tagging USING btree (workspace_id, tag_id, relation_id);

CREATE INDEX relations_tie_of_type ON public.relations_tie USING btree (workspace_id, type_id) WHERE (type_id IS NOT NULL);

CREATE INDEX relations_tie_one ON public.relations_tie USING btree (workspace_id, one_id);

CREATE INDEX relations_tie_other ON public.relations_tie USING btree (workspace_id, other_id);

CREATE INDEX relations_values_group ON public.relations_values USING btree (workspace_id, group_id);

CREATE INDEX relations_visit_relation ON public.relations_visit USING btree (workspace_id, relation_id);

CREATE INDEX relations_visit_seat ON public.relations_visit USING btree (workspace_id, seat_id, at DESC);

CREATE INDEX telephone_ring_recent ON public.telephone_ring USING btree (workspace_id, seat_id, rang_at DESC);

CREATE INDEX trust_api_token_digest_e09d1380_like ON public.trust_api_token USING btree (digest varchar_pattern_ops);

CREATE INDEX trust_api_token_user_id_5ed43a83 ON public.trust_api_token USING btree (user_id);

CREATE INDEX trust_attempt_recent ON public.trust_attempt USING btree (digest, at);

CREATE INDEX trust_circle_parts ON public.trust_circle USING gin (parts);

CREATE INDEX trust_circle_seat_both ON public.trust_circle_seat USING btree (workspace_id, circle_id, seat_id);

CREATE INDEX trust_external_identity_user_id_9b380443 ON public.trust_external_identity USING btree (user_id);

CREATE INDEX trust_look_as ON public.trust_look USING btree (workspace_id, as_seat_id, started_at DESC);

CREATE INDEX trust_look_seat ON public.trust_look USING btree (workspace_id, seat_id);

CREATE INDEX trust_one_time_link_digest_bee4f673_like ON public.trust_one_time_link USING btree (digest varchar_pattern_ops);

CREATE INDEX trust_one_time_link_user_id_0a6362b8 ON public.trust_one_time_link USING btree (user_id);

CREATE INDEX trust_passkey_user_id_baab983f ON public.trust_passkey USING btree (user_id);

CREATE INDEX trust_provider_workspace ON public.trust_sign_in_provider USING btree (into_workspace);

CREATE INDEX trust_recovery_code_user_id_1791413e ON public.trust_recovery_code USING btree (user_id);

CREATE INDEX trust_seat_user_id_8f17cfff ON public.trust_seat USING btree (user_id);

CREATE INDEX trust_session_expire_date_01dddb3a ON public.trust_session USING btree (expire_date);

CREATE INDEX trust_session_session_key_56f139a5_like ON public.trust_session USING btree (session_key varchar_pattern_ops);

CREATE INDEX trust_session_user_id_b6594e6f ON public.trust_session USING btree (user_id);

CREATE INDEX trust_team_member_seat ON public.trust_team_member USING btree (workspace_id, seat_id);

CREATE INDEX trust_user_email_c2b39f9f_like ON public.trust_user USING btree (email varchar_pattern_ops);

CREATE INDEX webforms_address_digest_8592f627_like ON public.webforms_address USING btree (digest varchar_pattern_ops);

CREATE INDEX webforms_address_user_id_2bc7bb0f ON public.webforms_address USING btree (user_id);

CREATE INDEX webforms_confirmed_form ON public.webforms_confirmed USING btree (workspace_id, form_id, confirmed_at DESC);

CREATE INDEX webforms_confirmed_moment ON public.webforms_confirmed USING btree (workspace_id, moment_id);

CREATE INDEX webforms_confirmed_text ON public.webforms_confirmed USING btree (workspace_id, text_id);

CREATE INDEX webforms_form_made ON public.webforms_form USING btree (workspace_id, created_at);

CREATE INDEX webforms_submission_email ON public.webforms_submission USING btree (workspace_id, form_id, email);

CREATE INDEX webforms_submission_link ON public.webforms_submission USING btree (workspace_id, form_id, link);

CREATE INDEX webforms_submission_over ON public.webforms_submission USING btree (workspace_id, expires_at);

CREATE INDEX webforms_text_form ON public.webforms_text USING btree (workspace_id, form_id, number DESC);

CREATE TRIGGER f_moved AFTER UPDATE OF occurred_at ON public.moments_moment FOR EACH ROW WHEN ((old.occurred_at IS DISTINCT FROM new.occurred_at)) EXECUTE FUNCTION public.plein_moment_moved();

CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN (((old.abort_requested = false) AND (new.abort_requested = true) AND (new.status = 'doing'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_notify_queue_abort_job_v1();

CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_notify_queue_job_inserted_v1();

CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.abort_requested = true)) EXECUTE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1();

CREATE TRIGGER procrastinate_trigger_delete_jobs_v1 BEFORE DELETE ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_unlink_periodic_defers_v1();

CREATE TRIGGER procrastinate_trigger_scheduled_events_v1 AFTER INSERT OR UPDATE ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.scheduled_at IS NOT NULL) AND (new.status = 'todo'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1();

CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1();

CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_update_v1();

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.dav_device_key
    ADD CONSTRAINT dav_device_key_user_id_fac61229_fk_trust_user_id FOREIGN KEY (user_id) REFERENCES public.trust_user(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.hooks_address
    ADD CONSTRAINT hooks_address_user_id_21d79118_fk_trust_user_id FOREIGN KEY (user_id) REFERENCES public.trust_user(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES public.procrastinate_workers(id) ON DELETE SET NULL;

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id);

ALTER TABLE ONLY public.trust_api_token
    ADD CONSTRAINT trust_api_token_user_id_5ed43a83_fk_trust_user_id FOREIGN KEY (user_id) REFERENCES public.trust_user(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.trust_code_app
    ADD CONSTRAINT trust_code_app_user_id_ffd2c5ec_fk_trust_user_id FOREIGN KEY (user_id) REFERENCES public.trust_user(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.trust_external_identity
    ADD CONSTRAINT trust_external_identity_user_id_9b380443_fk_trust_user_id FOREIGN KEY (user_id) REFERENCES public.trust_user(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.trust_one_time_link
    ADD CONSTRAINT trust_one_time_link_user_id_0a6362b8_fk_trust_user_id FOREIGN KEY (user_id) REFERENCES public.trust_user(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.trust_passkey
    ADD CONSTRAINT trust_passkey_user_id_baab983f_fk_trust_user_id FOREIGN KEY (user_id) REFERENCES public.trust_user(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.trust_recovery_code
    ADD CONSTRAINT trust_recovery_code_user_id_1791413e_fk_trust_user_id FOREIGN KEY (user_id) REFERENCES public.trust_user(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.trust_seat
    ADD CONSTRAINT trust_seat_user_id_8f17cfff_fk_trust_user_id FOREIGN KEY (user_id) REFERENCES public.trust_user(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.trust_session
    ADD CONSTRAINT trust_session_user_id_b6594e6f_fk_trust_user_id FOREIGN KEY (user_id) REFERENCES public.trust_user(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

ALTER TABLE ONLY public.webforms_address
    ADD CONSTRAINT webforms_address_user_id_2bc7bb0f_fk_trust_user_id FOREIGN KEY (user_id) REFERENCES public.trust_user(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;

GRANT CREATE ON SCHEMA public TO plein_keeper;
ALTER FUNCTION public.plein_due_connections() OWNER TO plein_keeper;
ALTER FUNCTION public.plein_moment_moved() OWNER TO plein_keeper;
ALTER FUNCTION public.plein_open_out_hooks() OWNER TO plein_keeper;
ALTER FUNCTION public.plein_short_series(until date) OWNER TO plein_keeper;
ALTER FUNCTION public.plein_waiting_connections(kinds text[]) OWNER TO plein_keeper;
ALTER FUNCTION public.plein_waiting_reminders() OWNER TO plein_keeper;
REVOKE ALL ON FUNCTION public.plein_due_connections() FROM PUBLIC;
GRANT ALL ON FUNCTION public.plein_due_connections() TO plein_app;
REVOKE ALL ON FUNCTION public.plein_open_out_hooks() FROM PUBLIC;
GRANT ALL ON FUNCTION public.plein_open_out_hooks() TO plein_app;
REVOKE ALL ON FUNCTION public.plein_short_series(until date) FROM PUBLIC;
GRANT ALL ON FUNCTION public.plein_short_series(until date) TO plein_app;
REVOKE ALL ON FUNCTION public.plein_waiting_connections(kinds text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.plein_waiting_connections(kinds text[]) TO plein_app;
REVOKE ALL ON FUNCTION public.plein_waiting_reminders() FROM PUBLIC;
GRANT ALL ON FUNCTION public.plein_waiting_reminders() TO plein_app;
REVOKE CREATE ON SCHEMA public FROM plein_keeper;

INSERT INTO public.django_migrations (app, name, applied) VALUES
    ('api', '0001_initial', now()),
    ('asking', '0001_requests', now()),
    ('auth', '0001_initial', now()),
    ('auth', '0002_alter_permission_name_max_length', now()),
    ('auth', '0003_alter_user_email_max_length', now()),
    ('auth', '0004_alter_user_username_opts', now()),
    ('auth', '0005_alter_user_last_login_null', now()),
    ('auth', '0006_require_contenttypes_0002', now()),
    ('auth', '0007_alter_validators_add_error_messages', now()),
    ('auth', '0008_alter_user_username_max_length', now()),
    ('auth', '0009_alter_user_last_name_max_length', now()),
    ('auth', '0010_alter_group_name_max_length', now()),
    ('auth', '0011_update_proxy_permissions', now()),
    ('auth', '0012_alter_user_first_name_max_length', now()),
    ('channels', '0001_initial', now()),
    ('channels', '0002_import_lease', now()),
    ('channels', '0003_mail_server', now()),
    ('channels', '0004_import_source', now()),
    ('channels', '0005_connections', now()),
    ('consent', '0001_initial', now()),
    ('consent', '0002_restriction', now()),
    ('contenttypes', '0001_initial', now()),
    ('contenttypes', '0002_remove_content_type_name', now()),
    ('core', '0001_initial', now()),
    ('core', '0002_search_indexes_by_kind', now()),
    ('core', '0003_search_in_values', now()),
    ('core', '0004_audit', now()),
    ('core', '0005_removed_changes', now()),
    ('core', '0006_readers_in_indexes', now()),
    ('core', '0007_words_in_circles', now()),
    ('core', '0008_questions_in_search', now()),
    ('dav', '0001_initial', now()),
    ('dav', '0002_mirrored', now()),
    ('dav', '0003_additions', now()),
    ('dav', '0004_todos_elsewhere', now()),
    ('documents', '0001_first', now()),
    ('documents', '0002_records', now()),
    ('erasure', '0001_initial', now()),
    ('hooks', '0001_initial', now()),
    ('hooks', '0002_out', now()),
    ('hooks', '0003_form_confirmed', now()),
    ('identity', '0001_initial', now()),
    ('identity', '0002_who_may_be_one', now()),
    ('identity', '0003_brought_by', now()),
    ('imports', '0001_initial', now()),
    ('imports', '0002_wizard', now()),
    ('imports', '0003_match_by_own_field', now()),
    ('imports', '0004_jobs', now()),
    ('inbox', '0001_messages', now()),
    ('inbox', '0002_worth', now()),
    ('listening', '0001_searches', now()),
    ('listening', '0002_day', now()),
    ('listening', '0003_about_a_relation', now()),
    ('listening', '0004_about_a_topic', now()),
    ('lists', '0001_bulk', now()),
    ('lists', '0002_saved_views', now()),
    ('lists', '0003_said', now()),
    ('metadata', '0001_initial', now()),
    ('metadata', '0002_cells_by_key', now()),
    ('moments', '0001_initial', now()),
    ('moments', '0002_occurred_at_in_step', now()),
    ('moments', '0003_references_and_proposals', now()),
    ('moments', '0004_source_note', now()),
    ('moments', '0005_mentions', now()),
    ('moments', '0006_repeats_and_reminders', now()),
    ('moments', '0007_tagging', now()),
    ('moments', '0008_custom_values', now()),
    ('moments', '0009_outgoing_mail', now()),
    ('moments', '0010_cells_by_key', now()),
    ('moments', '0011_own_circles', now()),
    ('moments', '0012_mail_share', now()),
    ('moments', '0013_job_news', now()),
    ('moments', '0014_recognised', now()),
    ('moments', '0015_learned', now()),
    ('moments', '0016_source_address', now()),
    ('moments', '0017_hearing', now()),
    ('moments', '0018_waiting_connections', now()),
    ('moments', '0019_topics', now()),
    ('moments', '0020_answers', now()),
    ('moments', '0021_guests', now()),
    ('moments', '0022_opinion', now()),
    ('moments', '0023_news_of_profiles', now()),
    ('mypage', '0001_initial', now()),
    ('mypage', '0002_request', now()),
    ('mypage', '0003_names_of_readers', now()),
    ('network', '0001_initial', now()),
    ('network', '0002_refusals_and_answers', now()),
    ('network', '0003_measuring', now()),
    ('network', '0004_influence', now()),
    ('network', '0005_bridges', now()),
    ('network', '0006_snapshot', now()),
    ('network', '0007_places', now()),
    ('network', '0008_colleagues_of_their_time', now()),
    ('notifications', '0001_initial', now()),
    ('notifications', '0002_mail_that_did_not_leave', now()),
    ('notifications', '0003_connection_that_stopped', now()),
    ('opinions', '0001_initial', now()),
    ('outbox', '0001_outgoing_mail', now()),
    ('outbox', '0002_purpose', now()),
    ('outbox', '0003_named_people', now()),
    ('outbox', '0004_said_on_networks', now()),
    ('procrastinate', '0001_initial', now()),
    ('procrastinate', '0002_drop_started_at_column', now()),
    ('procrastinate', '0003_drop_started_at_column', now()),
    ('procrastinate', '0004_drop_procrastinate_version_table', now()),
    ('procrastinate', '0005_fix_procrastinate_fetch_job', now()),
    ('procrastinate', '0006_fix_trigger_status_events_insert', now()),
    ('procrastinate', '0007_add_queueing_lock_column', now()),
    ('procrastinate', '0008_close_fetch_job_race_condition', now()),
    ('procrastinate', '0009_add_defer_job_function', now()),
    ('procrastinate', '0010_add_procrastinate_periodic_defers', now()),
    ('procrastinate', '0011_add_foreign_key_index', now()),
    ('procrastinate', '0012_add_locks_to_periodic_defer', now()),
    ('procrastinate', '0013_fix_procrastinate_defer_periodic_job', now()),
    ('procrastinate', '0014_add_finish_job_and_retry_job_functions', now()),
    ('procrastinate', '0015_add_trigger_on_job_deletion', now()),
    ('procrastinate', '0016_delete_finished_jobs', now()),
    ('procrastinate', '0017_add_checks_to_finish_job', now()),
    ('procrastinate', '0018_add_checks_to_retry_job', now()),
    ('procrastinate', '0019_fix_finish_job_compat_issue', now()),
    ('procrastinate', '0020_add_index_on_procrastinate_jobs', now()),
    ('procrastinate', '0021_add_kwargs_to_defer_periodic_job', now()),
    ('procrastinate', '0022_null_locks_excluded', now()),
    ('procrastinate', '0023_remove_old_finish_job_function', now()),
    ('procrastinate', '0024_job_id_bigint', now()),
    ('procrastinate', '0025_add_models', now()),
    ('procrastinate', '0026_add_job_priority', now()),
    ('procrastinate', '0027_add_periodic_job_priority', now()),
    ('procrastinate', '0028_add_cancel_states', now()),
    ('procrastinate', '0029_add_additional_params_to_retry_job', now()),
    ('procrastinate', '0030_alter_procrastinateevent_options', now()),
    ('procrastinate', '0031_add_indexes_for_fetch_job', now()),
    ('procrastinate', '0032_pre_cancel_notification', now()),
    ('procrastinate', '0033_post_cancel_notification', now()),
    ('procrastinate', '0034_pre_add_heartbeat', now()),
    ('procrastinate', '0035_post_add_heartbeat', now()),
    ('procrastinate', '0036_add_worker_model', now()),
    ('procrastinate', '0037_pre_batch_defer_jobs', now()),
    ('procrastinate', '0038_post_batch_defer_jobs', now()),
    ('procrastinate', '0039_pre_priority_lock_fetch_job', now()),
    ('procrastinate', '0040_pre_retry_failed_job', now()),
    ('procrastinate', '0041_post_retry_failed_job', now()),
    ('questions', '0001_initial', now()),
    ('questions', '0002_outside', now()),
    ('relations', '0001_initial', now()),
    ('relations', '0002_do_not_contact', now()),
    ('relations', '0003_custom_values', now()),
    ('relations', '0004_follow', now()),
    ('relations', '0005_visit', now()),
    ('relations', '0006_cells_by_key', now()),
    ('relations', '0007_former', now()),
    ('relations', '0008_own_circles', now()),
    ('relations', '0009_tags_in_circles', now()),
    ('relations', '0010_erased_address', now()),
    ('relations', '0011_own_tie_types', now()),
    ('relations', '0012_heard_in', now()),
    ('relations', '0013_what_came_of_it', now()),
    ('relations', '0014_exact_strength', now()),
    ('sessions', '0001_initial', now()),
    ('telephone', '0001_initial', now()),
    ('trust', '0001_initial', now()),
    ('trust', '0002_rate_count', now()),
    ('trust', '0003_zone_and_start', now()),
    ('trust', '0004_proof_and_sessions', now()),
    ('trust', '0005_look', now()),
    ('trust', '0006_default_audience', now()),
    ('trust', '0007_second_factor', now()),
    ('trust', '0008_token_used_from', now()),
    ('trust', '0009_token_is_proven', now()),
    ('webforms', '0001_initial', now());
