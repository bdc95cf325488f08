-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Records from the workload's tables. Parameters: workspace, circle.
ALTER TABLE given_organization ADD COLUMN id uuid DEFAULT uuidv7();
ALTER TABLE given_contact ADD COLUMN id uuid DEFAULT uuidv7();
ALTER TABLE given_activity ADD COLUMN id uuid DEFAULT uuidv7();
CREATE INDEX ON given_contact (idx);
CREATE INDEX ON given_organization (idx);
INSERT INTO relations_relation (id, workspace_id, circle_id, version, created_at, updated_at, kind, name, sort_name,
    given_name, infix, family_name, headline, place, country, language, about, photo, is_ours, source,
    do_not_contact, do_not_contact_reason)
SELECT id, %(workspace)s, %(circle)s, 1, now(), now(), 'organization', name, plein_fold(name), '', '', '',
       industry, city, '', '', '', '', false, 'import', false, '' FROM given_organization
UNION ALL
SELECT id, %(workspace)s, %(circle)s, 1, now(), now(), 'person', first_name || ' ' || last_name,
       plein_fold(last_name || ' ' || first_name), first_name, '', last_name, '', city, '', '', '', '', false, 'import', false, ''
  FROM given_contact;
INSERT INTO relations_membership (id, workspace_id, circle_id, person_id, organization_id, role, department, source, created_at)
SELECT uuidv7(), %(workspace)s, %(circle)s, c.id, o.id, c.title, '', 'import', now()
  FROM given_contact c JOIN given_organization o ON o.idx = c.org_idx;
CREATE TEMP TABLE given_point ON COMMIT DROP AS
SELECT uuidv7() AS id, id AS relation, 'email' AS kind, email AS value FROM given_contact
UNION ALL SELECT uuidv7(), id, 'phone', phone FROM given_contact
UNION ALL SELECT uuidv7(), id, 'email', email FROM given_organization
UNION ALL SELECT uuidv7(), id, 'phone', phone FROM given_organization;
INSERT INTO relations_contact_point (id, workspace_id, circle_id, kind, network, value, display, detail,
    do_not_contact, do_not_contact_reason)
SELECT id, %(workspace)s, %(circle)s, kind, '', value, value, '{}'::jsonb, false, '' FROM given_point;
INSERT INTO relations_contact_point_link (id, workspace_id, circle_id, contact_point_id, relation_id, label, is_primary, source, reasons, decided_at)
SELECT uuidv7(), %(workspace)s, %(circle)s, id, relation, '', true, 'import', '[]'::jsonb, now() FROM given_point;
INSERT INTO moments_moment (id, workspace_id, circle_id, version, created_at, updated_at, kind, direction, reach, state,
    nature, occurred_at, is_all_day, thread_id, source, fingerprint, calendar_uid)
SELECT id, %(workspace)s, %(circle)s, 1, at, at, kind, direction, 'one', 'done', 'personal', at, false, id, 'import', '', ''
  FROM given_activity;
INSERT INTO moments_subject (id, workspace_id, circle_id, moment_id, title, key, location)
SELECT uuidv7(), %(workspace)s, %(circle)s, id, subject, '', '' FROM given_activity;
INSERT INTO moments_text (id, workspace_id, circle_id, moment_id, text, html, purpose, outcome, follow_up, means_needed)
SELECT uuidv7(), %(workspace)s, %(circle)s, id, body, '', '', '', '', '' FROM given_activity;
INSERT INTO moments_participant (id, workspace_id, circle_id, moment_id, role, heard_name, relation_id, is_ours, occurred_at)
SELECT uuidv7(), %(workspace)s, %(circle)s, a.id, 'with', '', c.id, false, a.at
  FROM given_activity a JOIN given_contact c ON c.idx = a.contact_idx
UNION ALL
SELECT uuidv7(), %(workspace)s, %(circle)s, a.id, 'for', '', o.id, false, a.at
  FROM given_activity a JOIN given_organization o ON o.idx = a.org_idx;
