-- SPDX-License-Identifier: AGPL-3.0-or-later
-- The entrance of people to their own page (ADR 0028). Its door never enters a workspace: it sees no table with records,
-- and calls these functions with the hash of a visit. What they do not name, the door cannot show.

GRANT SELECT ON mypage_way TO plein_keeper;
GRANT SELECT (id, name) ON trust_user TO plein_keeper;

-- Whose visit it is. From here on the workspace is the visitor's; each function ends with plein_page_left.
CREATE OR REPLACE FUNCTION plein_page_opened(the_visit text, OUT place integer, OUT subject uuid, OUT relation uuid,
                                             OUT circle integer)
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
BEGIN
    SELECT v.into_workspace, v.subject_id INTO place, subject
      FROM mypage_way v WHERE v.digest = the_visit AND v.kind = 'visit' AND v.used_at IS NULL AND v.expires_at > now();
    IF place IS NULL THEN
        RETURN;
    END IF;
    PERFORM set_config('plein.workspace', place::text, true);
    SELECT s.relation_id, s.circle_id INTO relation, circle
      FROM consent_subject s WHERE s.workspace_id = place AND s.id = subject;
    IF circle IS NULL OR EXISTS (SELECT FROM mypage_settings t WHERE t.workspace_id = place AND NOT t.is_open) THEN
        PERFORM set_config('plein.workspace', '', true);
        place := NULL;
    END IF;
END $$;

CREATE OR REPLACE FUNCTION plein_page_left() RETURNS void
    LANGUAGE sql VOLATILE
    SET search_path = public, pg_temp
AS $$
    SELECT set_config('plein.workspace', '', true), set_config('plein.operation', '', true);
$$;

-- The subjects that are one person: those of the relation, and whoever was behind one of its addresses before.
CREATE OR REPLACE FUNCTION plein_page_subjects(place integer, subject uuid, relation uuid) RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
    SELECT array_agg(DISTINCT o.id) FROM (
        SELECT subject AS id
        UNION SELECT s.id FROM consent_subject s WHERE s.workspace_id = place AND s.relation_id = relation
        UNION SELECT s.id FROM relations_contact_point_link l
                JOIN relations_contact_point p ON p.workspace_id = place AND p.id = l.contact_point_id
                JOIN consent_decision d ON d.workspace_id = place AND d.point_kind = p.kind AND d.point_value = p.value
                JOIN consent_subject s ON s.workspace_id = place AND s.id = d.subject_id AND s.relation_id IS NULL
               WHERE l.workspace_id = place AND l.relation_id = relation AND l.revoked_at IS NULL) AS o;
$$;

-- By what we came to know somebody, or one of their addresses: the first contact that brought it in, if the page tells of
-- that contact at all. A kind of contact, or that they filled in a form.
CREATE OR REPLACE FUNCTION plein_page_came(place integer, relation uuid, circle integer, point uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
    WITH mine AS MATERIALIZED (
        SELECT t.id, t.moment_id FROM moments_participant t
         WHERE t.workspace_id = place AND t.relation_id = relation AND t.circle_id = circle
           AND (point IS NULL OR t.contact_point_id = point))
    SELECT CASE WHEN EXISTS (
                    SELECT FROM moments_source s WHERE s.workspace_id = place AND s.moment_id = m.id
                       AND (s.external_id LIKE 'form:%' OR EXISTS (
                            SELECT FROM hooks_hook h WHERE h.workspace_id = place AND h.id = s.import_id
                               AND h.preset = 'form')))
                THEN 'form' ELSE m.kind END
      FROM mine JOIN moments_moment m ON m.workspace_id = place AND m.id = mine.moment_id
     WHERE m.kind <> 'note'
     ORDER BY mine.id LIMIT 1;
$$;

-- Everything the page shows. Parts that are kept narrower than the person are confidential and stay out; so do notes,
-- tags, interests, own fields, ties, subjects and texts of moments, and other people.
CREATE OR REPLACE FUNCTION plein_page_read(the_visit text) RETURNS jsonb
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    me record;
    found jsonb;
BEGIN
    SELECT * INTO me FROM plein_page_opened(the_visit);
    IF me.place IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT jsonb_build_object(
        'workspace', me.place, 'subject', me.subject,
        'company', (SELECT w.name FROM trust_workspace w WHERE w.id = me.place),
        'person', (SELECT jsonb_build_object('name', r.name, 'given_name', r.given_name, 'infix', r.infix,
                                             'family_name', r.family_name, 'place', r.place, 'country', r.country,
                                             'language', r.language, 'source', r.source, 'since', r.created_at,
                                             'came', plein_page_came(me.place, r.id, me.circle, NULL),
                                             'do_not_contact', r.do_not_contact,
                                             'restricted_since', (SELECT min(t.since) FROM consent_restriction t
                                                 JOIN consent_subject s ON s.workspace_id = me.place
                                                      AND s.id = t.subject_id AND s.relation_id = r.id
                                                WHERE t.workspace_id = me.place))
                     FROM relations_relation r WHERE r.workspace_id = me.place AND r.id = me.relation),
        'points', (SELECT jsonb_agg(jsonb_build_object('id', l.id, 'kind', p.kind, 'value', p.value,
                                                       'display', p.display, 'source', l.source,
                                                       'came', plein_page_came(me.place, me.relation, me.circle, p.id),
                                                       'since', l.decided_at) ORDER BY p.kind, l.id)
                     FROM relations_contact_point_link l
                     JOIN relations_contact_point p ON p.workspace_id = me.place AND p.id = l.contact_point_id
                    WHERE l.workspace_id = me.place AND l.relation_id = me.relation AND l.revoked_at IS NULL
                      AND l.circle_id = me.circle),
        'jobs', (SELECT jsonb_agg(jsonb_build_object('id', m.id, 'organization', o.name, 'role', m.role,
                                                     'starts_on', m.starts_on, 'ends_on', m.ends_on,
                                                     'source', m.source, 'since', m.created_at) ORDER BY m.id)
                   FROM relations_membership m
                   JOIN relations_relation o ON o.workspace_id = me.place AND o.id = m.organization_id
                  WHERE m.workspace_id = me.place AND m.person_id = me.relation AND m.circle_id = me.circle),
        -- From where the person is, when both were noted in one act; from a list, or the address book of a colleague.
        'birthdays', (SELECT jsonb_agg(jsonb_build_object(
                                'on', b."on", 'since', coalesce(noted.at, r.created_at),
                                'source', CASE
                                    WHEN noted.operation_id IS NULL OR noted.operation_id = (
                                        SELECT c.operation_id FROM core_change c WHERE c.workspace_id = me.place
                                           AND c.row_id = r.id AND c.kind = 'I' ORDER BY c.id LIMIT 1) THEN r.source
                                    WHEN o.verb IN ('import_contacts', 'add_from_device', 'change_from_device',
                                                    'load_connections') THEN 'import'
                                    ELSE 'hand' END) ORDER BY b.id)
                        FROM relations_important_date b
                        JOIN relations_relation r ON r.workspace_id = me.place AND r.id = b.relation_id
                        LEFT JOIN LATERAL (SELECT c.operation_id, c.at FROM core_change c
                                            WHERE c.workspace_id = me.place AND c.row_id = b.id AND c.kind = 'I'
                                            ORDER BY c.id LIMIT 1) noted ON true
                        LEFT JOIN core_operation o ON o.workspace_id = me.place AND o.id = noted.operation_id
                       WHERE b.workspace_id = me.place AND b.relation_id = me.relation AND b.kind = 'birthday'
                         AND b.circle_id = me.circle),
        'moments', (SELECT jsonb_agg(jsonb_build_object('kind', k.kind, 'count', k.count, 'first', k.first,
                                                        'last', k.last) ORDER BY k.kind)
                      FROM (SELECT m.kind, count(DISTINCT m.id), min(m.occurred_at) AS first, max(m.occurred_at) AS last
                              FROM moments_participant t
                              JOIN moments_moment m ON m.workspace_id = me.place AND m.id = t.moment_id
                             WHERE t.workspace_id = me.place AND t.relation_id = me.relation
                               AND t.circle_id = me.circle AND m.kind <> 'note' AND m.state = 'done'
                             GROUP BY m.kind) AS k),
        'readers', (SELECT jsonb_agg(DISTINCT jsonb_build_object('kind', c.kind, 'team', t.name))
                      FROM trust_circle whole
                      JOIN trust_circle c ON c.workspace_id = me.place
                           AND (c.id = ANY (whole.parts) OR (whole.kind = 'everyone' AND c.id = whole.id))
                      LEFT JOIN trust_team t ON t.workspace_id = me.place AND t.id = c.team_id
                     WHERE whole.workspace_id = me.place AND whole.id = me.circle),
        'decisions', (SELECT jsonb_agg(jsonb_build_object('id', d.id, 'purpose', d.purpose_id, 'kind', d.point_kind,
                                                          'value', d.point_value, 'state', d.state, 'how', d.how,
                                                          'at', d.decided_at, 'until', d.holds_until)
                                       ORDER BY d.decided_at, d.id)
                        FROM consent_decision d
                       WHERE d.workspace_id = me.place
                         AND d.subject_id = ANY (plein_page_subjects(me.place, me.subject, me.relation))
                         AND EXISTS (SELECT FROM consent_in_force f WHERE f.workspace_id = me.place
                                        AND f.decision_id = d.id)),
        'purposes', (SELECT jsonb_agg(jsonb_build_object(
                                'id', p.id, 'key', p.key, 'basis', p.basis, 'kinds', p.kinds,
                                'holds_months', p.holds_months, 'keep_months', p.keep_months,
                                'name_nl', x.name_nl, 'name_en', x.name_en, 'what_nl', x.what_nl, 'what_en', x.what_en,
                                'benefit_nl', x.benefit_nl, 'benefit_en', x.benefit_en) ORDER BY p.position, p.id)
                       FROM consent_purpose p
                       JOIN LATERAL (SELECT * FROM consent_purpose_text y WHERE y.workspace_id = me.place
                                        AND y.purpose_id = p.id ORDER BY y.number DESC LIMIT 1) x ON true
                      WHERE p.workspace_id = me.place AND p.retired_at IS NULL)
    ) || jsonb_build_object(
        -- Names of colleagues only where the company chose so: of those who are in every part of the circle.
        'named', (SELECT jsonb_agg(u.name ORDER BY u.name, s.id)
                    FROM trust_circle whole
                    JOIN trust_seat s ON s.workspace_id = me.place AND s.is_active
                    JOIN trust_user u ON u.id = s.user_id
                   WHERE whole.workspace_id = me.place AND whole.id = me.circle
                     AND EXISTS (SELECT FROM mypage_settings t WHERE t.workspace_id = me.place AND t.names_readers)
                     AND NOT EXISTS (
                         SELECT FROM trust_circle c
                          WHERE c.workspace_id = me.place AND c.id = ANY (whole.parts) AND c.kind <> 'everyone'
                            AND NOT EXISTS (SELECT FROM trust_team_member m WHERE m.workspace_id = me.place
                                               AND m.team_id = c.team_id AND m.seat_id = s.id)
                            AND NOT EXISTS (SELECT FROM trust_circle_seat n WHERE n.workspace_id = me.place
                                               AND n.circle_id = c.id AND n.seat_id = s.id))),
        -- What they were asked and answered, and about how many they asked never to be asked: not about whom, which is
        -- the other's.
        'introductions', (SELECT jsonb_agg(jsonb_build_object('at', t.asked_at, 'by', u.name, 'state', t.state,
                                                              'answered_at', t.answered_at) ORDER BY t.asked_at)
                            FROM (SELECT a.workspace_id, a.person_id, a.asker_id, a.asked_at, a.state, a.answered_at
                                    FROM asking_turn a
                                   UNION ALL
                                  -- A question by mail, to somebody from outside.
                                  SELECT q.workspace_id, q.person_id, o.seat_id, q.asked_at, 'question', NULL
                                    FROM questions_turn q
                                    JOIN questions_question o ON o.workspace_id = q.workspace_id AND o.id = q.question_id
                                   WHERE q.seat_id IS NULL) t
                            JOIN trust_seat s ON s.workspace_id = me.place AND s.id = t.asker_id
                            JOIN trust_user u ON u.id = s.user_id
                           WHERE t.workspace_id = me.place AND t.person_id = me.relation),
        'never_about', (SELECT count(DISTINCT f.target_id) FROM network_refusal f WHERE f.workspace_id = me.place
                           AND f.person_id = me.relation AND f.seat_id IS NULL AND f.until IS NULL),
        'requests', (SELECT jsonb_agg(jsonb_build_object('kind', q.kind, 'about', q.about, 'words', q.words,
                                                         'state', q.state, 'at', q.asked_at, 'due_on', q.due_on,
                                                         'why_later', q.why_later, 'answer', q.answer)
                                      ORDER BY q.asked_at DESC)
                       FROM mypage_request q WHERE q.workspace_id = me.place
                        AND q.subject_id = ANY (plein_page_subjects(me.place, me.subject, me.relation)))
    ) INTO found;
    PERFORM plein_page_left();
    RETURN found;
END $$;

-- The visitor says yes or no to a purpose, for all their addresses or one of them. Whether that was possible.
CREATE OR REPLACE FUNCTION plein_page_decide(the_visit text, the_purpose uuid, the_kind text, the_value text,
                                             the_state text) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    me record;
    wanted record;
    act uuid := uuidv7();
    made uuid := uuidv7();
BEGIN
    SELECT * INTO me FROM plein_page_opened(the_visit);
    IF me.place IS NULL OR the_state NOT IN ('given', 'refused', 'withdrawn') THEN
        PERFORM plein_page_left();
        RETURN false;
    END IF;
    SELECT p.id, coalesce(p.holds_months, p.keep_months) AS holds_months, x.id AS text INTO wanted
      FROM consent_purpose p
      JOIN LATERAL (SELECT y.id FROM consent_purpose_text y WHERE y.workspace_id = me.place AND y.purpose_id = p.id
                     ORDER BY y.number DESC LIMIT 1) x ON true
     WHERE p.workspace_id = me.place AND p.id = the_purpose AND p.retired_at IS NULL
       AND p.basis IN ('consent', 'interest', 'task');
    IF wanted.id IS NULL OR (the_value <> '' AND NOT EXISTS (
            SELECT FROM relations_contact_point_link l
              JOIN relations_contact_point p ON p.workspace_id = me.place AND p.id = l.contact_point_id
             WHERE l.workspace_id = me.place AND l.relation_id = me.relation AND l.revoked_at IS NULL
               AND l.circle_id = me.circle AND p.kind = the_kind AND p.value = the_value)) THEN
        PERFORM plein_page_left();
        RETURN false;
    END IF;
    INSERT INTO core_operation (workspace_id, id, seat_id, door, verb, facts, started_at)
        VALUES (me.place, act, NULL, 'my-page', 'decide_on_my_page', '{}', now());
    PERFORM set_config('plein.operation', act::text, true);
    INSERT INTO consent_decision (workspace_id, id, circle_id, subject_id, purpose_id, text_id, point_kind, point_value,
                                  state, decided_at, holds_until, how, note, operation_id, recorded_at)
        VALUES (me.place, made, me.circle, me.subject, wanted.id, wanted.text,
                CASE WHEN the_value = '' THEN '' ELSE the_kind END, the_value, the_state, now(),
                CASE WHEN the_state = 'given' THEN now() + make_interval(months => wanted.holds_months) END,
                'my_page', '', act, now());
    INSERT INTO consent_in_force (workspace_id, id, circle_id, decision_id, subject_id, purpose_id, text_id)
        VALUES (me.place, uuidv7(), me.circle, made, me.subject, wanted.id, wanted.text);
    PERFORM plein_page_left();
    RETURN true;
END $$;

-- The visitor asks for something. The law gives a month. No more than twenty wait at a time.
CREATE OR REPLACE FUNCTION plein_page_ask(the_visit text, the_kind text, the_matter text, the_words text) RETURNS uuid
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
DECLARE
    me record;
    act uuid := uuidv7();
    made uuid := uuidv7();
BEGIN
    SELECT * INTO me FROM plein_page_opened(the_visit);
    IF me.place IS NULL OR the_kind NOT IN ('correct', 'copy', 'restrict', 'object', 'erase')
       OR (SELECT count(*) >= 20 FROM mypage_request q WHERE q.workspace_id = me.place AND q.subject_id = me.subject
              AND q.state = 'open') THEN
        PERFORM plein_page_left();
        RETURN NULL;
    END IF;
    INSERT INTO core_operation (workspace_id, id, seat_id, door, verb, facts, started_at)
        VALUES (me.place, act, NULL, 'my-page', 'ask_on_my_page', '{}', now());
    PERFORM set_config('plein.operation', act::text, true);
    INSERT INTO mypage_request (workspace_id, id, circle_id, subject_id, kind, about, words, state, asked_at, due_on,
                                why_later, answer)
        VALUES (me.place, made, me.circle, me.subject, the_kind, left(the_matter, 300), left(the_words, 2000), 'open',
                now(), (now() + interval '1 month')::date, '', '');
    PERFORM plein_page_left();
    RETURN made;
END $$;

-- Who may see whoever asked and do something about it: a job gives the request to the first. Who is responsible for the
-- person goes before all, then administrators. Of somebody whom none of these sees, it is a colleague who does.
DROP FUNCTION IF EXISTS plein_page_owner(uuid);
CREATE OR REPLACE FUNCTION plein_page_readers(the_request uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
    SELECT o.user_id FROM mypage_request q
      JOIN trust_circle whole ON whole.workspace_id = q.workspace_id AND whole.id = q.circle_id
      JOIN trust_seat o ON o.workspace_id = q.workspace_id AND o.is_active AND o.role <> 'guest'
      LEFT JOIN consent_subject s ON s.workspace_id = q.workspace_id AND s.id = q.subject_id
      LEFT JOIN relations_relation r ON r.workspace_id = q.workspace_id AND r.id = s.relation_id
     WHERE q.id = the_request
       AND NOT EXISTS (
           SELECT FROM trust_circle c
            WHERE c.workspace_id = q.workspace_id AND c.id = ANY (whole.parts)
              AND NOT EXISTS (SELECT FROM trust_team_member m WHERE m.workspace_id = q.workspace_id
                                 AND m.team_id = c.team_id AND m.seat_id = o.id)
              AND NOT EXISTS (SELECT FROM trust_circle_seat n WHERE n.workspace_id = q.workspace_id
                                 AND n.circle_id = c.id AND n.seat_id = o.id))
     ORDER BY coalesce(r.owner_id = o.id, false) DESC, o.role IN ('owner', 'administrator') DESC, o.id
$$;
