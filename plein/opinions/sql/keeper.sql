-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Which of these contact moments are with somebody whose data are not used, whoever may see them: what somebody asked
-- counts for everybody. It names no one, and is asked before something leaves.
CREATE OR REPLACE FUNCTION plein_opinions_withheld(the_moments uuid[]) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp
AS $$
    WITH here AS (SELECT NULLIF(current_setting('plein.workspace', true), '')::integer AS id),
         they AS (SELECT s.relation_id FROM here
                    JOIN consent_restriction r ON r.workspace_id = here.id
                    JOIN consent_subject s ON s.workspace_id = here.id AND s.id = r.subject_id
                   WHERE s.relation_id IS NOT NULL)
    SELECT DISTINCT p.moment_id FROM here
      JOIN moments_participant p ON p.workspace_id = here.id AND p.moment_id = ANY (the_moments)
     WHERE p.relation_id IN (SELECT relation_id FROM they)
        OR EXISTS (SELECT FROM relations_contact_point_link l
                    WHERE l.workspace_id = here.id AND l.contact_point_id = p.contact_point_id AND l.revoked_at IS NULL
                      AND l.relation_id IN (SELECT relation_id FROM they));
$$;
