-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What a question needs of who is asked (ADR 0036): who asks cannot read what each did with it, so the keeper does it.

-- Which of these people may be asked something more this week, whoever asks: colleagues, and who lets us ask them.
CREATE OR REPLACE FUNCTION plein_questions_free(the_people uuid[]) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
    SELECT r.id FROM relations_relation r
     WHERE r.workspace_id = NULLIF(current_setting('plein.workspace', true), '')::integer AND r.id = ANY (the_people)
       AND plein_asking_free(r.id) IS NULL
       AND (r.seat_id IS NOT NULL OR EXISTS (
            SELECT FROM plein_network_asked(r.workspace_id, ARRAY[r.id]) a WHERE a.is_used AND a.asked_until > now()))
$$;

-- Note that somebody from outside is asked a question of one's own by mail: once, and nobody too often.
CREATE OR REPLACE FUNCTION plein_questions_mailed(the_question uuid, the_person uuid, the_circle integer) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    ours record;
BEGIN
    SELECT q.* INTO ours FROM questions_question q WHERE q.workspace_id = workspace AND q.id = the_question
       AND q.state = 'underway' AND q.expires_at > now()
       AND q.seat_id = NULLIF(current_setting('plein.seat', true), '')::uuid FOR UPDATE;
    IF ours.id IS NULL THEN
        RETURN jsonb_build_object('outcome', 'late');
    END IF;
    DELETE FROM questions_turn t
     WHERE t.workspace_id = workspace AND t.seat_id IS NULL AND t.asked_at < now() - interval '{kept} days';
    PERFORM pg_advisory_xact_lock(hashtextextended('plein asks ' || the_person, 0));
    IF EXISTS (SELECT FROM questions_turn t WHERE t.workspace_id = workspace AND t.question_id = the_question
                  AND t.person_id = the_person) THEN
        RETURN jsonb_build_object('outcome', 'known');
    END IF;
    IF plein_asking_free(the_person) IS NOT NULL THEN
        RETURN jsonb_build_object('outcome', 'often');
    END IF;
    INSERT INTO questions_turn (id, workspace_id, circle_id, own_circle_id, question_id, seat_id, person_id, ring,
                                previous_name, remark, state, todo_id, asked_at)
    VALUES (uuidv7(), workspace, the_circle, the_circle, the_question, NULL, the_person, ours.ring, '', '', 'asked',
            uuidv7(), now());
    RETURN jsonb_build_object('outcome', 'asked');
END $$;

-- The mail to somebody did not leave after all: they were not asked.
CREATE OR REPLACE FUNCTION plein_questions_unmailed(the_question uuid, the_person uuid) RETURNS SETOF jsonb
    LANGUAGE sql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
    DELETE FROM questions_turn t USING questions_question q
     WHERE t.workspace_id = NULLIF(current_setting('plein.workspace', true), '')::integer
       AND t.question_id = the_question AND t.person_id = the_person AND t.seat_id IS NULL
       AND q.workspace_id = t.workspace_id AND q.id = t.question_id
       AND q.seat_id = NULLIF(current_setting('plein.seat', true), '')::uuid
    RETURNING jsonb_build_object('person', t.person_id)
$$;

-- Ask a colleague a question of one's own, or one that one is asked oneself: once, and nobody too often.
CREATE OR REPLACE FUNCTION plein_questions_turn(the_question uuid, the_person uuid, the_circle integer, the_ring integer,
                                                the_previous text, the_remark text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    seat uuid := NULLIF(current_setting('plein.seat', true), '')::uuid;
    ours record;
    whom record;
    made uuid := uuidv7();
BEGIN
    SELECT q.* INTO ours FROM questions_question q WHERE q.workspace_id = workspace AND q.id = the_question
       AND q.state = 'underway' AND q.expires_at > now()
       AND (q.seat_id = seat OR EXISTS (SELECT FROM questions_turn t WHERE t.workspace_id = workspace
                                           AND t.question_id = q.id AND t.seat_id = seat)) FOR UPDATE;
    IF ours.id IS NULL THEN
        RETURN jsonb_build_object('outcome', 'late');
    END IF;
    SELECT r.id, r.seat_id, e.user_id INTO whom
      FROM relations_relation r
      JOIN trust_seat e ON e.workspace_id = workspace AND e.id = r.seat_id AND e.is_active AND e.role <> 'guest'
     WHERE r.workspace_id = workspace AND r.id = the_person AND r.seat_id IS DISTINCT FROM ours.seat_id;
    IF whom.id IS NULL OR EXISTS (SELECT FROM questions_turn t WHERE t.workspace_id = workspace
                                     AND t.question_id = the_question AND t.seat_id = whom.seat_id) THEN
        RETURN jsonb_build_object('outcome', 'known');
    END IF;
    -- Two who ask the same person at once are counted one after the other.
    PERFORM pg_advisory_xact_lock(hashtextextended('plein asks ' || whom.id, 0));
    IF plein_asking_free(whom.id) IS NOT NULL THEN
        RETURN jsonb_build_object('outcome', 'often');
    END IF;
    INSERT INTO questions_turn (id, workspace_id, circle_id, own_circle_id, question_id, seat_id, person_id, ring,
                                previous_name, remark, state, todo_id, asked_at)
    VALUES (made, workspace, the_circle, the_circle, the_question, whom.seat_id, whom.id, the_ring,
            left(the_previous, 300), left(the_remark, 1000), 'asked', uuidv7(), now());
    RETURN jsonb_build_object('outcome', 'asked', 'turn', made, 'user', whom.user_id);
END $$;

-- Nobody need answer a question of one's own any more; who was still asked.
CREATE OR REPLACE FUNCTION plein_questions_close(the_question uuid) RETURNS SETOF jsonb
    LANGUAGE sql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
    UPDATE questions_turn t SET state = 'closed'
      FROM questions_question q, trust_seat s
     WHERE t.workspace_id = NULLIF(current_setting('plein.workspace', true), '')::integer
       AND t.question_id = the_question AND t.state = 'asked'
       AND q.workspace_id = t.workspace_id AND q.id = t.question_id
       AND q.seat_id = NULLIF(current_setting('plein.seat', true), '')::uuid
       AND s.workspace_id = t.workspace_id AND s.id = t.seat_id
    RETURNING jsonb_build_object('turn', t.id, 'user', s.user_id)
$$;

-- While an answer is being turned back, by whoever may do so: who gave it may answer again.
CREATE OR REPLACE FUNCTION plein_questions_reopen(the_operation uuid) RETURNS SETOF jsonb
    LANGUAGE sql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
    UPDATE questions_turn t SET state = 'asked', answered_at = NULL
      FROM core_operation u, core_operation o, core_change c, questions_answer a
     WHERE u.workspace_id = NULLIF(current_setting('plein.workspace', true), '')::integer
       AND u.id = NULLIF(current_setting('plein.operation', true), '')::uuid AND u.undoes = the_operation
       AND o.workspace_id = u.workspace_id AND o.id = u.undoes AND o.verb = 'answer_question' AND o.undone_by IS NULL
       AND c.workspace_id = o.workspace_id AND c.operation_id = o.id
       AND c.table_name = 'questions_answer' AND c.kind = 'I'
       AND a.workspace_id = o.workspace_id AND a.id = c.row_id
       AND t.workspace_id = o.workspace_id AND t.question_id = a.question_id AND t.seat_id = a.seat_id
       AND t.state = 'answered'
    RETURNING jsonb_build_object('turn', t.id)
$$;
