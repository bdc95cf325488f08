-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Where a message stands follows from what its text is worth: what a colleague said last, else what a model made of it.
-- It moves when either changes, in the same transaction, whoever changes it and however: also by an undo.

-- A text that fewer people see than the message decides nothing: where it stands would tell what is in it. What somebody
-- decided stays: what is done, put off, given to somebody or taken into the inbox.
CREATE OR REPLACE FUNCTION plein_inbox_file(workspace integer, wanted uuid[]) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
    UPDATE inbox_message i
       SET worth = f.worth, lane = f.lane, filed_as = f.filed_as, is_unsure = f.worth = 'unsure',
           trail = CASE WHEN f.place = f.was THEN i.trail ELSE
               (CASE WHEN jsonb_array_length(i.trail) >= {most} THEN i.trail - 1 ELSE i.trail END)
               || jsonb_build_array(jsonb_build_array(
                   to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), f.was, f.place, f.is_said)) END
      FROM (SELECT g.*, CASE WHEN g.lane = 'filed' THEN g.filed_as WHEN g.lane = 'heard' THEN 'heard'
                             WHEN g.worth = 'unsure' THEN 'unsure' ELSE 'inbox' END AS place
              FROM (SELECT e.*, CASE WHEN e.filed_as <> '' THEN 'filed' WHEN e.is_post THEN 'heard' ELSE 'inbox' END AS lane
                      FROM (SELECT m.id, m.was, w.is_said, o.kind = 'post' AS is_post, coalesce(w.worth, '') AS worth,
                                   CASE WHEN w.worth = 'filed' THEN w.filed_as
                                        WHEN w.worth = 'small_talk' AND o.kind <> 'post' THEN 'small_talk'
                                        WHEN w.worth IS NULL AND o.nature <> 'personal' THEN o.nature ELSE '' END AS filed_as
                              FROM unnest(wanted) x (id)
                             CROSS JOIN LATERAL (
                                 SELECT p.id, p.circle_id, p.moment_id,
                                        CASE WHEN p.lane = 'filed' THEN p.filed_as WHEN p.lane = 'heard' THEN 'heard'
                                             WHEN p.is_unsure THEN 'unsure' ELSE 'inbox' END AS was
                                   FROM inbox_message p
                                  WHERE p.workspace_id = workspace AND p.moment_id = x.id AND p.state = 'open'
                                    AND NOT p.is_kept AND p.assignee_id IS NULL AND p.at <= p.came_at) m
                             CROSS JOIN LATERAL (
                                 SELECT p.kind, p.nature FROM moments_moment p
                                  WHERE p.workspace_id = workspace AND p.id = m.moment_id LIMIT 1) o
                              LEFT JOIN LATERAL (
                                 SELECT coalesce(s.value, r.relevance) AS worth, coalesce(r.filed_as, '') AS filed_as,
                                        s.value IS NOT NULL AS is_said
                                   FROM (SELECT p.id, p.circle_id, p.text FROM moments_text p
                                          WHERE p.workspace_id = workspace AND p.moment_id = m.moment_id
                                          ORDER BY p.id LIMIT 1) t
                                   LEFT JOIN LATERAL (
                                       SELECT p.relevance, p.filed_as FROM moments_recognised p
                                        WHERE p.workspace_id = workspace AND p.text_id = t.id AND p.print = hashtext(t.text)
                                        LIMIT 1) r ON true
                                   LEFT JOIN LATERAL (
                                       SELECT p.value FROM moments_correction p
                                        WHERE p.workspace_id = workspace AND p.text_id = t.id AND p.about = 'relevance'
                                        ORDER BY p.said_at DESC, p.id DESC LIMIT 1) s ON true
                                  WHERE t.circle_id = m.circle_id) w ON true) e) g) f
     WHERE i.workspace_id = workspace AND i.id = f.id
       AND (i.worth, i.lane, i.filed_as) IS DISTINCT FROM (f.worth, f.lane, f.filed_as);
$$;

-- What was recognised in texts, or said of them, came, changed or went.
CREATE OR REPLACE FUNCTION plein_inbox_heard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    workspace integer := NULLIF(current_setting('plein.workspace', true), '')::integer;
BEGIN
    IF workspace IS NULL THEN RETURN NULL; END IF;
    IF TG_OP = 'DELETE' THEN
        PERFORM plein_inbox_file(workspace, ARRAY(SELECT DISTINCT o.moment_id FROM old_rows o));
    ELSE
        PERFORM plein_inbox_file(workspace, ARRAY(SELECT DISTINCT n.moment_id FROM new_rows n));
    END IF;
    RETURN NULL;
END $$;
