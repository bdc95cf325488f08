-- SPDX-License-Identifier: AGPL-3.0-or-later
-- What moves a request for an introduction on (ADR 0033). Who asks cannot read what each answered, so the keeper does it.

GRANT SELECT, UPDATE ON asking_link TO plein_keeper;

-- Whom to tell of a request, and where it is.
CREATE OR REPLACE FUNCTION plein_asking_told(the_request uuid, the_outcome text) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
    SELECT jsonb_build_object('outcome', the_outcome, 'workspace', q.workspace_id, 'request', q.id, 'state', q.state,
                              'user', s.user_id)
      FROM asking_request q JOIN trust_seat s ON s.workspace_id = q.workspace_id AND s.id = q.seat_id
     WHERE q.workspace_id = NULLIF(current_setting('plein.workspace', true), '')::integer AND q.id = the_request
$$;

-- A way came to its end: everybody on it rests, for this asker and this person, whoever it was that ended it.
CREATE OR REPLACE FUNCTION plein_asking_over(the_request uuid) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
BEGIN
    UPDATE asking_request q SET state = 'ended', ended_on = now()::date
     WHERE q.workspace_id = workspace AND q.id = the_request;
    INSERT INTO network_refusal (id, workspace_id, person_id, target_id, seat_id, until)
    SELECT uuidv7(), workspace, s.person_id, q.target_id, q.seat_id, date_trunc('day', now()) + interval '{rest} days'
      FROM asking_request q
      JOIN asking_step s ON s.workspace_id = workspace AND s.request_id = q.id
     WHERE q.workspace_id = workspace AND q.id = the_request AND s.person_id <> q.target_id;
END $$;

-- How often somebody was asked lately, whoever asked, for an introduction or a question to the square, and when they may
-- be asked again; empty when that is now.
CREATE OR REPLACE FUNCTION plein_asking_free(the_person uuid) RETURNS timestamptz
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
    SELECT min(l.asked_at) + interval '{week} days'
      FROM (SELECT t.asked_at
              FROM (SELECT a.workspace_id, a.person_id, a.asked_at FROM asking_turn a
                     UNION ALL SELECT q.workspace_id, q.person_id, q.asked_at FROM questions_turn q) t
             WHERE t.workspace_id = NULLIF(current_setting('plein.workspace', true), '')::integer
               AND t.person_id = the_person AND t.asked_at > now() - interval '{week} days'
             ORDER BY t.asked_at DESC LIMIT {most}) l
    HAVING count(*) >= {most}
$$;

-- Ask the next person on the way of a request of one's own: once, and nobody too often or who refused.
CREATE OR REPLACE FUNCTION plein_asking_turn(the_request uuid, the_place integer, the_text text, the_previous text,
                                             the_circle integer, the_letter text, the_mail uuid) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    ours record;
    whom record;
    again timestamptz;
    made uuid := uuidv7();
BEGIN
    SELECT q.* INTO ours FROM asking_request q WHERE q.workspace_id = workspace AND q.id = the_request
       AND q.seat_id = NULLIF(current_setting('plein.seat', true), '')::uuid AND q.state = 'underway' FOR UPDATE;
    IF ours.id IS NULL OR EXISTS (SELECT FROM asking_turn t WHERE t.workspace_id = workspace
                                     AND t.request_id = the_request AND t.place >= the_place) THEN
        RETURN jsonb_build_object('outcome', 'late');
    END IF;
    SELECT r.id, r.seat_id, e.user_id INTO whom
      FROM asking_step s
      JOIN relations_relation r ON r.workspace_id = workspace AND r.id = s.person_id
      LEFT JOIN trust_seat e ON e.workspace_id = workspace AND e.id = r.seat_id AND e.is_active
     WHERE s.workspace_id = workspace AND s.request_id = the_request AND s.place = the_place;
    IF whom.id IS NULL OR EXISTS (SELECT FROM network_refusal f WHERE f.workspace_id = workspace
            AND f.person_id = whom.id AND f.target_id = ours.target_id AND f.seat_id IS NULL) THEN
        RETURN jsonb_build_object('outcome', 'refused');
    END IF;
    -- Two who ask the same person at once are counted one after the other.
    PERFORM pg_advisory_xact_lock(hashtextextended('plein asks ' || whom.id, 0));
    again := plein_asking_free(whom.id);
    IF again IS NOT NULL THEN
        RETURN jsonb_build_object('outcome', 'often', 'again', again);
    END IF;
    INSERT INTO asking_turn (id, workspace_id, circle_id, own_circle_id, request_id, place, asker_id, seat_id, person_id,
                             target_id, text, previous_name, remark, is_last, state, letter, mail_id, todo_id, asked_at, expires_at)
    VALUES (made, workspace, the_circle, the_circle, the_request, the_place, ours.seat_id, whom.seat_id, whom.id,
            ours.target_id, the_text, the_previous, '',
            NOT EXISTS (SELECT FROM asking_step s WHERE s.workspace_id = workspace AND s.request_id = the_request
                           AND s.place > the_place),
            'asked', the_letter, the_mail, uuidv7(), now(), ours.expires_at);
    RETURN jsonb_build_object('outcome', 'asked', 'turn', made, 'user', whom.user_id);
END $$;

-- Note what somebody answered, and move the request. Whoever calls this knows that they may.
CREATE OR REPLACE FUNCTION plein_asking_settle(the_turn uuid, the_answer text, the_remark text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    theirs record;
BEGIN
    -- The request first, as in all that moves it.
    PERFORM FROM asking_request q JOIN asking_turn t ON t.workspace_id = workspace AND t.request_id = q.id
      WHERE q.workspace_id = workspace AND t.id = the_turn FOR UPDATE OF q;
    SELECT t.*, q.state AS request_state, q.expires_at AS over_at INTO theirs
      FROM asking_turn t JOIN asking_request q ON q.workspace_id = workspace AND q.id = t.request_id
     WHERE t.workspace_id = workspace AND t.id = the_turn FOR UPDATE OF t;
    IF theirs.id IS NULL OR theirs.state <> 'asked' OR theirs.request_state <> 'underway' OR theirs.over_at <= now()
       OR the_answer NOT IN ('made', 'passed', 'declined', 'not_this', 'never')
       OR (the_answer = 'passed' AND theirs.is_last) THEN
        RETURN jsonb_build_object('outcome', 'late');
    END IF;
    UPDATE asking_turn t SET state = CASE WHEN the_answer IN ('made', 'passed') THEN the_answer ELSE 'declined' END,
           remark = left(the_remark, 1000), answered_at = now()
     WHERE t.workspace_id = workspace AND t.id = the_turn;
    INSERT INTO network_answer (id, workspace_id, person_id, seat_id, is_yes, at)
        VALUES (uuidv7(), workspace, theirs.person_id, theirs.asker_id, the_answer IN ('made', 'passed'), now());
    IF the_answer = 'not_this' THEN
        INSERT INTO network_refusal (id, workspace_id, person_id, target_id, seat_id, until)
            VALUES (uuidv7(), workspace, theirs.person_id, theirs.target_id, NULL, NULL);
    END IF;
    IF the_answer = 'passed' THEN
        -- One less than it is: whoever ends it next is always one of two.
        UPDATE asking_request q SET shown = theirs.place - 1
         WHERE q.workspace_id = workspace AND q.id = theirs.request_id;
    ELSIF the_answer = 'made' THEN
        UPDATE asking_request q SET state = 'made', made_at_place = theirs.place, ended_on = now()::date
         WHERE q.workspace_id = workspace AND q.id = theirs.request_id;
    ELSE
        PERFORM plein_asking_over(theirs.request_id);
    END IF;
    RETURN plein_asking_told(theirs.request_id, the_answer);
END $$;

-- A colleague answers what they were asked.
CREATE OR REPLACE FUNCTION plein_asking_answer(the_turn uuid, the_answer text, the_remark text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM asking_turn t
                    WHERE t.workspace_id = NULLIF(current_setting('plein.workspace', true), '')::integer
                      AND t.id = the_turn AND t.seat_id = NULLIF(current_setting('plein.seat', true), '')::uuid) THEN
        RETURN jsonb_build_object('outcome', 'late');
    END IF;
    RETURN plein_asking_settle(the_turn, the_answer, the_remark);
END $$;

-- Whose turn comes next in a request of one's own, and what was said to whoever passed it on; for the job that asks them.
CREATE OR REPLACE FUNCTION plein_asking_next(the_request uuid) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
    SELECT jsonb_build_object('place', t.place + 1, 'remark', t.remark, 'person', t.person_id, 'is_colleague',
                              t.seat_id IS NOT NULL)
      FROM asking_request q
      JOIN asking_turn t ON t.workspace_id = q.workspace_id AND t.request_id = q.id
     WHERE q.workspace_id = NULLIF(current_setting('plein.workspace', true), '')::integer AND q.id = the_request
       AND q.seat_id = NULLIF(current_setting('plein.seat', true), '')::uuid AND q.state = 'underway'
       AND q.expires_at > now()
       AND t.state = 'passed' AND NOT EXISTS (SELECT FROM asking_turn n WHERE n.workspace_id = q.workspace_id
                                                 AND n.request_id = q.id AND n.place > t.place)
$$;

-- A request of one's own cannot go on: nobody is left whom we may ask, or can reach.
CREATE OR REPLACE FUNCTION plein_asking_stop(the_request uuid) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
BEGIN
    PERFORM FROM asking_request q WHERE q.workspace_id = workspace AND q.id = the_request AND q.state = 'underway'
        AND q.seat_id = NULLIF(current_setting('plein.seat', true), '')::uuid FOR UPDATE;
    IF NOT FOUND THEN
        RETURN jsonb_build_object('outcome', 'late');
    END IF;
    PERFORM plein_asking_over(the_request);
    RETURN plein_asking_told(the_request, 'stopped');
END $$;

-- Withdraw a request of one's own; which colleague need not answer any more.
CREATE OR REPLACE FUNCTION plein_asking_withdraw(the_request uuid) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    whose record;
BEGIN
    UPDATE asking_request q SET state = 'withdrawn', ended_on = now()::date
     WHERE q.workspace_id = workspace AND q.id = the_request AND q.state = 'underway'
       AND q.seat_id = NULLIF(current_setting('plein.seat', true), '')::uuid;
    IF NOT FOUND THEN
        RETURN jsonb_build_object('outcome', 'late');
    END IF;
    UPDATE asking_turn t SET state = 'closed'
     WHERE t.workspace_id = workspace AND t.request_id = the_request AND t.state = 'asked' RETURNING t.* INTO whose;
    RETURN plein_asking_told(the_request, 'withdrawn') || jsonb_build_object('turn', whose.id, 'asked',
        (SELECT s.user_id FROM trust_seat s WHERE s.workspace_id = workspace AND s.id = whose.seat_id));
END $$;

-- End what waited long enough in the workspace in force: no answer counts as a no.
CREATE OR REPLACE FUNCTION plein_asking_expire() RETURNS SETOF jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    ours record;
    whose record;
BEGIN
    FOR ours IN SELECT q.id FROM asking_request q WHERE q.workspace_id = workspace AND q.state = 'underway'
                   AND q.expires_at <= now() ORDER BY q.id FOR UPDATE SKIP LOCKED LOOP
        UPDATE asking_turn t SET state = 'expired'
         WHERE t.workspace_id = workspace AND t.request_id = ours.id AND t.state = 'asked' RETURNING t.* INTO whose;
        IF whose.id IS NOT NULL THEN
            INSERT INTO network_answer (id, workspace_id, person_id, seat_id, is_yes, at)
                VALUES (uuidv7(), workspace, whose.person_id, whose.asker_id, false, now());
        END IF;
        PERFORM plein_asking_over(ours.id);
        RETURN NEXT plein_asking_told(ours.id, 'expired') || jsonb_build_object('turn', whose.id, 'asked',
            (SELECT s.user_id FROM trust_seat s WHERE s.workspace_id = workspace AND s.id = whose.seat_id));
    END LOOP;
END $$;

-- What came of requests is kept for a year, what people answered for two, a rest until it is over.
CREATE OR REPLACE FUNCTION plein_asking_clear() RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
BEGIN
    DELETE FROM asking_request q WHERE q.workspace_id = workspace AND q.state <> 'underway'
       AND q.ended_on < (now() - interval '1 year')::date;
    DELETE FROM network_answer a WHERE a.workspace_id = workspace AND a.at < now() - interval '2 years';
    DELETE FROM network_refusal f WHERE f.workspace_id = workspace AND f.until < now();
END $$;

-- Which workspaces have requests that waited long enough, or something that was kept so; a job asks from outside.
CREATE OR REPLACE FUNCTION plein_asking_overdue() RETURNS SETOF integer
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    before text := coalesce(current_setting('plein.workspace', true), '');
    last integer := (SELECT last_value FROM trust_workspace_id_seq);
BEGIN
    FOR workspace IN 1..last LOOP
        PERFORM set_config('plein.workspace', workspace::text, true);
        IF EXISTS (SELECT FROM asking_request q WHERE q.workspace_id = workspace AND (
                       (q.state = 'underway' AND q.expires_at <= now())
                       OR (q.state <> 'underway' AND q.ended_on < (now() - interval '1 year')::date)))
           OR EXISTS (SELECT FROM network_answer a
                       WHERE a.workspace_id = workspace AND a.at < now() - interval '2 years')
           OR EXISTS (SELECT FROM network_refusal f WHERE f.workspace_id = workspace AND f.until < now()) THEN
            RETURN NEXT workspace;
        END IF;
    END LOOP;
    PERFORM set_config('plein.workspace', before, true);
END $$;

-- A letter of the house goes from one state to the next, once; what it says, and to whom. For the job of who asked.
CREATE OR REPLACE FUNCTION plein_asking_letter(the_turn uuid, the_before text, the_after text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    theirs record;
BEGIN
    UPDATE asking_turn t SET letter = the_after
     WHERE t.workspace_id = workspace AND t.id = the_turn AND t.letter = the_before
       AND (t.state = 'asked' OR the_before = 'leaving')
       AND t.asker_id = NULLIF(current_setting('plein.seat', true), '')::uuid RETURNING t.* INTO theirs;
    IF theirs.id IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT jsonb_build_object('text', theirs.text, 'person', theirs.person_id, 'request', q.id,
                                      'expires_at', q.expires_at)
              FROM asking_request q WHERE q.workspace_id = workspace AND q.id = theirs.request_id);
END $$;

-- Which turn a mail of one's own asks for, and until when it may be answered.
CREATE OR REPLACE FUNCTION plein_asking_mailed(the_mail uuid) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
    SELECT jsonb_build_object('turn', t.id, 'person', t.person_id, 'expires_at', q.expires_at)
      FROM asking_turn t JOIN asking_request q ON q.workspace_id = t.workspace_id AND q.id = t.request_id
     WHERE t.workspace_id = NULLIF(current_setting('plein.workspace', true), '')::integer AND t.mail_id = the_mail
       AND t.asker_id = NULLIF(current_setting('plein.seat', true), '')::uuid AND t.state = 'asked'
$$;

-- Whose link it is. From here on the workspace is theirs; each function ends with plein_page_left.
CREATE OR REPLACE FUNCTION plein_asking_opened(the_link text, OUT here integer, OUT asked uuid)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
BEGIN
    SELECT l.into_workspace, l.turn_id INTO here, asked FROM asking_link l
     WHERE l.digest = the_link AND l.used_at IS NULL AND l.expires_at > now();
    IF here IS NULL THEN
        RETURN;
    END IF;
    PERFORM set_config('plein.workspace', here::text, true);
    IF NOT EXISTS (SELECT FROM asking_turn t JOIN asking_request q ON q.workspace_id = here AND q.id = t.request_id
                    WHERE t.workspace_id = here AND t.id = asked AND t.state = 'asked' AND q.state = 'underway'
                      AND q.expires_at > now()) THEN
        PERFORM set_config('plein.workspace', '', true);
        here := NULL;
    END IF;
END $$;

-- What somebody from outside is asked: their own text, and the names that it needs.
CREATE OR REPLACE FUNCTION plein_asking_read(the_link text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    mine record;
    found jsonb;
BEGIN
    SELECT * INTO mine FROM plein_asking_opened(the_link);
    IF mine.here IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT jsonb_build_object('company', w.name, 'asker', u.name, 'previous', t.previous_name, 'text', t.text,
                              'target', g.name, 'name', p.name, 'given_name', p.given_name, 'language', p.language,
                              'is_last', t.is_last, 'expires_at', q.expires_at)
      INTO found
      FROM asking_turn t
      JOIN asking_request q ON q.workspace_id = mine.here AND q.id = t.request_id
      JOIN trust_workspace w ON w.id = mine.here
      JOIN trust_seat s ON s.workspace_id = mine.here AND s.id = t.asker_id
      JOIN trust_user u ON u.id = s.user_id
      JOIN relations_relation p ON p.workspace_id = mine.here AND p.id = t.person_id
      JOIN relations_relation g ON g.workspace_id = mine.here AND g.id = t.target_id
     WHERE t.workspace_id = mine.here AND t.id = mine.asked;
    PERFORM plein_page_left();
    RETURN found;
END $$;

-- Somebody from outside answers, once. "Never for anybody" is their objection, as on their own page.
CREATE OR REPLACE FUNCTION plein_asking_reply(the_link text, the_answer text, the_remark text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    mine record;
    told jsonb;
BEGIN
    SELECT * INTO mine FROM plein_asking_opened(the_link);
    IF mine.here IS NULL THEN
        RETURN jsonb_build_object('outcome', 'late');
    END IF;
    told := plein_asking_settle(mine.asked, the_answer, the_remark);
    IF told ->> 'outcome' <> 'late' THEN
        UPDATE asking_link l SET used_at = now() WHERE l.digest = the_link;
        IF the_answer = 'never' THEN
            PERFORM plein_asking_never(mine.asked);
        END IF;
    END IF;
    PERFORM plein_page_left();
    RETURN told;
END $$;

-- Their objection to being asked at all.
CREATE OR REPLACE FUNCTION plein_asking_never(the_turn uuid) RETURNS void
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
    about record;
    act uuid := uuidv7();
    made uuid := uuidv7();
BEGIN
    SELECT s.id AS subject, s.circle_id AS circle, p.id AS purpose, x.id AS text INTO about
      FROM asking_turn t
      JOIN consent_subject s ON s.workspace_id = workspace AND s.relation_id = t.person_id
      JOIN consent_purpose p ON p.workspace_id = workspace AND p.key = 'introductions'
      JOIN LATERAL (SELECT y.id FROM consent_purpose_text y WHERE y.workspace_id = workspace AND y.purpose_id = p.id
                     ORDER BY y.number DESC LIMIT 1) x ON true
     WHERE t.workspace_id = workspace AND t.id = the_turn ORDER BY s.created_at, s.id LIMIT 1;
    IF about.subject IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO core_operation (workspace_id, id, seat_id, door, verb, facts, started_at)
        VALUES (workspace, act, NULL, 'my-page', 'decide_on_my_page', '{}', now());
    PERFORM set_config('plein.operation', act::text, true);
    INSERT INTO consent_decision (workspace_id, id, circle_id, subject_id, purpose_id, text_id, point_kind, point_value,
                                  state, decided_at, holds_until, how, note, operation_id, recorded_at)
        VALUES (workspace, made, about.circle, about.subject, about.purpose, about.text, '', '', 'refused', now(), NULL,
                'my_page', '', act, now());
    INSERT INTO consent_in_force (workspace_id, id, circle_id, decision_id, subject_id, purpose_id, text_id)
        VALUES (workspace, uuidv7(), about.circle, made, about.subject, about.purpose, about.text);
END $$;
