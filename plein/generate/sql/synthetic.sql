-- SPDX-License-Identifier: AGPL-3.0-or-later
-- Invented people, organizations and moments. Deterministic: every value follows from the seed and a row number.
-- Parameters: workspace, circle, seat, people, organizations, moments, planned, todos, seed, until. Tables of names come
-- first (see synthetic.py).

-- A number in [0, 1) from the seed, a row and a purpose.
CREATE OR REPLACE FUNCTION pg_temp.chance(row_number bigint, purpose bigint) RETURNS float8 LANGUAGE sql IMMUTABLE
    RETURN (hashint8extended(row_number * 64 + purpose, %(seed)s) & 2147483647) / 2147483648.0;
-- An identifier in the shape of a UUIDv7 of the given time.
CREATE OR REPLACE FUNCTION pg_temp.made_id(kind text, row_number bigint, at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE
    RETURN (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7'
            || left(md5(%(seed)s || kind || row_number), 3) || '8'
            || substr(md5(%(seed)s || kind || row_number), 4, 15))::uuid;
-- A time in the last three years, more of them lately, in office hours; the last few moments are planned from today on.
CREATE OR REPLACE FUNCTION pg_temp.moment_at(j bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN j >= %(moments)s - %(planned)s THEN %(until)s::timestamptz + make_interval(days => ((j * 7) %% 12)::int)
                ELSE %(until)s::timestamptz - make_interval(days => (1095 * power(pg_temp.chance(j, 1), 1.5))::int + 1) END
           + make_interval(mins => 480 + (pg_temp.chance(j, 2) * 600)::int);
CREATE OR REPLACE FUNCTION pg_temp.organization_of(i bigint) RETURNS bigint LANGUAGE sql IMMUTABLE
    RETURN i %% %(organizations)s;
-- Whose moment it is: person 0 has the first 200, the people of organization 0 have the first 2,000 between them, and
-- everybody else has the rest, unevenly.
CREATE OR REPLACE FUNCTION pg_temp.other_than_first(i bigint) RETURNS bigint LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN pg_temp.organization_of(i) = 0 THEN least(i + 1, %(people)s - 1) ELSE i END;
CREATE OR REPLACE FUNCTION pg_temp.person_of(j bigint) RETURNS bigint LANGUAGE sql IMMUTABLE
    RETURN CASE WHEN j < 200 THEN 0
                WHEN j < 2000 THEN (1 + (j / 9) %% greatest(1, (%(people)s - 1) / %(organizations)s))
                                   * %(organizations)s %% %(people)s
                ELSE pg_temp.other_than_first(1 + (power(pg_temp.chance(j, 3), 1.6) * (%(people)s - 2))::bigint) END;

CREATE TEMP TABLE made_organization ON COMMIT DROP AS
SELECT o AS n, pg_temp.made_id('o', o, %(until)s::timestamptz - interval '3 years' + o * interval '1 minute') AS id,
       s.name || ' ' || (ARRAY['Installatietechniek', 'Bouw', 'BV', 'Techniek', 'Advies', 'Zorg', 'Groep', 'Wonen',
                               'Hotels', 'GmbH'])[1 + (pg_temp.chance(o, 11) * 10)::int %% 10]
              || CASE WHEN o > 2000 THEN ' ' || p.name ELSE '' END AS name,
       p.name AS place
  FROM generate_series(0, %(organizations)s - 1) o
  JOIN made_surname s ON s.n = floor(pg_temp.chance(o, 12) * (SELECT count(*) FROM made_surname))::int
  JOIN made_place p ON p.n = floor(power(pg_temp.chance(o, 13), 2) * (SELECT count(*) FROM made_place))::int;

CREATE TEMP TABLE made_person ON COMMIT DROP AS
SELECT i AS n, pg_temp.made_id('p', i, %(until)s::timestamptz - interval '3 years' + i * interval '1 second') AS id,
       f.name AS given, s.name AS surname,
       regexp_replace(s.name, '^.* (?=[[:upper:]''])', '') AS family,
       p.name AS place, pg_temp.organization_of(i) AS organization
  FROM generate_series(0, %(people)s - 1) i
  JOIN made_forename f ON f.n = floor(power(pg_temp.chance(i, 21), 1.4) * (SELECT count(*) FROM made_forename))::int
  JOIN made_surname s ON s.n = floor(power(pg_temp.chance(i, 22), 2.2) * (SELECT count(*) FROM made_surname))::int
  JOIN made_place p ON p.n = floor(power(pg_temp.chance(i, 23), 2) * (SELECT count(*) FROM made_place))::int;

INSERT INTO relations_relation (id, workspace_id, circle_id, version, created_at, updated_at, kind, name, sort_name,
    given_name, infix, family_name, headline, place, country, language, about, photo, owner_id, seat_id, is_ours, source,
    do_not_contact, do_not_contact_reason)
SELECT o.id, %(workspace)s, %(circle)s, 1, t.at, t.at, 'organization', o.name, plein_fold(o.name), '', '', '',
       '', o.place, 'NL', '', '', '', CASE WHEN o.n %% 100 = 0 THEN %(seat)s END, NULL, false, 'import', false, ''
  FROM made_organization o
 CROSS JOIN LATERAL (SELECT %(until)s::timestamptz - interval '2 years' + o.n * interval '1 minute' AS at) t;
INSERT INTO relations_relation (id, workspace_id, circle_id, version, created_at, updated_at, kind, name, sort_name,
    given_name, infix, family_name, headline, place, country, language, about, photo, owner_id, seat_id, is_ours, source,
    do_not_contact, do_not_contact_reason)
SELECT i.id, %(workspace)s, %(circle)s, 1, t.at, t.at, 'person', i.given || ' ' || i.surname,
       plein_fold(i.family || ' ' || i.given || ' ' || left(i.surname, length(i.surname) - length(i.family))),
       i.given, trim(left(i.surname, length(i.surname) - length(i.family))), i.family,
       '', i.place, 'NL', '', '', '', CASE WHEN i.n %% 100 = 0 THEN %(seat)s END, NULL, false, 'import', false, ''
  FROM made_person i
 CROSS JOIN LATERAL (SELECT %(until)s::timestamptz - interval '2 years' + i.n * interval '10 seconds' AS at) t;

INSERT INTO relations_membership (id, workspace_id, circle_id, person_id, organization_id, role, department,
    starts_on, source, created_at)
SELECT pg_temp.made_id('m', i.n, %(until)s::timestamptz), %(workspace)s, %(circle)s, i.id, o.id,
       (ARRAY['directeur', 'inkoper', 'projectleider', 'monteur', 'hoofd facilitair', 'planner', 'adviseur', 'buyer'])
       [1 + i.n %% 8],
       '', (%(until)s::timestamptz - make_interval(days => (pg_temp.chance(i.n, 31) * 3000)::int))::date, 'import', %(until)s
  FROM made_person i JOIN made_organization o ON o.n = i.organization;

CREATE TEMP TABLE made_point ON COMMIT DROP AS
SELECT pg_temp.made_id('ce', i.n, %(until)s::timestamptz) AS id, 'email' AS kind, a.address AS value, a.address AS display
  FROM made_person i
 CROSS JOIN LATERAL (SELECT plein_fold(regexp_replace(i.given || '.' || i.surname, '[^[:alpha:].]', '', 'g'))
                            || i.n || '@org' || i.organization || '.example' AS address) a
UNION ALL
SELECT pg_temp.made_id('cp', i.n, %(until)s::timestamptz), 'phone', '+316' || p.digits, '06 ' || p.digits
  FROM made_person i
 CROSS JOIN LATERAL (SELECT lpad((10000000 + pg_temp.chance(i.n, 41) * 89999999)::int::text, 8, '0') AS digits) p;
INSERT INTO relations_contact_point (id, workspace_id, circle_id, kind, network, value, display, detail,
    do_not_contact, do_not_contact_reason)
SELECT p.id, %(workspace)s, %(circle)s, p.kind, '', p.value, p.display, '{}'::jsonb, false, '' FROM made_point p;
INSERT INTO relations_contact_point_link (id, workspace_id, circle_id, contact_point_id, relation_id, label, is_primary,
    source, reasons, decided_at)
SELECT pg_temp.made_id('l' || k.kind, i.n, %(until)s::timestamptz), %(workspace)s, %(circle)s,
       pg_temp.made_id(k.kind, i.n, %(until)s::timestamptz), i.id, '', true, 'import', '[]'::jsonb, %(until)s
  FROM made_person i CROSS JOIN (VALUES ('ce'), ('cp')) AS k (kind);

CREATE TEMP TABLE made_moment ON COMMIT DROP AS
SELECT j AS n, pg_temp.made_id('x', j, a.at) AS id, a.at, pg_temp.person_of(j) AS person,
       a.is_planned, CASE WHEN a.is_planned OR j %% 20 = 0 THEN %(seat)s END AS recorded_by,
       CASE WHEN a.is_planned THEN (ARRAY['visit', 'meeting'])[1 + j %% 2]
            ELSE (ARRAY['email', 'email', 'email', 'call', 'meeting', 'note', 'visit', 'chat'])
                 [1 + (pg_temp.chance(j, 51) * 8)::int %% 8] END AS kind
  FROM generate_series(0, %(moments)s - 1) j
 CROSS JOIN LATERAL (SELECT pg_temp.moment_at(j) AS at, j >= %(moments)s - %(planned)s AS is_planned) a;
ANALYZE made_moment;
ANALYZE made_person;
ANALYZE made_organization;

INSERT INTO moments_moment (id, workspace_id, circle_id, version, created_at, updated_at, kind, direction, reach, state,
    nature, occurred_at, is_all_day, thread_id, recorded_by_id, source, fingerprint, calendar_uid)
SELECT x.id, %(workspace)s, %(circle)s, 1, x.at, x.at, x.kind, CASE WHEN x.n %% 2 = 0 THEN 'inbound' ELSE 'outbound' END,
       'one', CASE WHEN x.is_planned THEN 'planned' ELSE 'done' END, 'personal', x.at, false, x.id, x.recorded_by,
       'import', '', ''
  FROM made_moment x;
INSERT INTO moments_subject (id, workspace_id, circle_id, moment_id, title, key, location)
SELECT pg_temp.made_id('s', x.n, x.at), %(workspace)s, %(circle)s, x.id,
       a.w[1 + (pg_temp.chance(x.n, 61) * 24)::int %% 24] || ' ' || a.w[1 + (pg_temp.chance(x.n, 62) * 24)::int %% 24]
       || ' ' || (x.n %% 10000),
       '', ''
  FROM made_moment x CROSS JOIN (SELECT string_to_array(%(words)s, ',') AS w) a;
INSERT INTO moments_text (id, workspace_id, circle_id, moment_id, text, html, purpose, outcome, follow_up, means_needed)
SELECT pg_temp.made_id('t', x.n, x.at), %(workspace)s, %(circle)s, x.id,
       a.s[1 + (pg_temp.chance(x.n, 71) * 20)::int %% 20] || ' ' || a.s[1 + (pg_temp.chance(x.n, 72) * 20)::int %% 20] || ' '
       || a.s[1 + (pg_temp.chance(x.n, 73) * 20)::int %% 20] || ' Kenmerk ' || to_hex(x.n::bigint * 7919) || '.',
       '', '', '', CASE WHEN x.n %% 200 = 0 THEN 'Nabellen over kenmerk ' || to_hex(x.n::bigint * 7919) ELSE '' END, ''
  FROM made_moment x CROSS JOIN (SELECT string_to_array(%(sentences)s, '|') AS s) a;
INSERT INTO moments_participant (id, workspace_id, circle_id, moment_id, role, heard_name, relation_id, is_ours, occurred_at)
SELECT pg_temp.made_id('q', x.n, x.at), %(workspace)s, %(circle)s, x.id, 'with', '', i.id, false, x.at
  FROM made_moment x JOIN made_person i ON i.n = x.person;
INSERT INTO moments_participant (id, workspace_id, circle_id, moment_id, role, heard_name, relation_id, is_ours, occurred_at)
SELECT pg_temp.made_id('r', x.n, x.at), %(workspace)s, %(circle)s, x.id, 'for', '', o.id, false, x.at
  FROM made_moment x JOIN made_person i ON i.n = x.person JOIN made_organization o ON o.n = i.organization;
INSERT INTO moments_source (id, workspace_id, circle_id, moment_id, external_id, mailbox, folder, list_name, note, url)
SELECT pg_temp.made_id('c', x.n, x.at), %(workspace)s, %(circle)s, x.id, '<' || x.n || '.' || %(seed)s || '@bench.example>',
       'bench', 'Inbox', '', '', ''
  FROM made_moment x WHERE x.kind = 'email';

-- One to-do for every hundred moments: two thirds are done, a few are the seat's own.
INSERT INTO moments_todo (id, workspace_id, circle_id, version, created_at, updated_at, title, note, due_on, assignee_id,
    relation_id, moment_id, means_needed, done_at, source)
SELECT pg_temp.made_id('d', x.n, x.at), %(workspace)s, %(circle)s, 1, x.at, x.at,
       a.w[1 + (pg_temp.chance(x.n, 81) * 24)::int %% 24] || ' nazien ' || (x.n %% 10000), '',
       (%(until)s::timestamptz + make_interval(days => (pg_temp.chance(x.n, 82) * 60)::int - 20))::date,
       CASE WHEN x.n < 100 * 90 THEN %(seat)s END, i.id, x.id, '',
       CASE WHEN x.n %% 3 <> 0 THEN x.at + interval '1 day' END, 'import'
  FROM made_moment x JOIN made_person i ON i.n = x.person CROSS JOIN (SELECT string_to_array(%(words)s, ',') AS w) a
 WHERE x.n %% 100 = 0 AND NOT x.is_planned;
INSERT INTO relations_favourite (id, workspace_id, circle_id, seat_id, relation_id, created_at)
SELECT pg_temp.made_id('f', i.n, %(until)s::timestamptz), %(workspace)s, %(circle)s, %(seat)s, i.id, %(until)s
  FROM made_person i WHERE i.n %% (%(people)s / 10) = 0;

-- Own fields of people: a fifth has a segment of gold, half a turnover, all a date; three are asked for in filters.
INSERT INTO metadata_group (id, workspace_id, circle_id, version, created_at, updated_at, name_nl, name_en, position)
SELECT pg_temp.made_id('fg', 0, %(until)s::timestamptz), %(workspace)s, %(circle)s, 1, %(until)s, %(until)s,
       'Commercieel', 'Commercial', 0;
INSERT INTO metadata_field (id, workspace_id, circle_id, version, created_at, updated_at, group_id, key, type, label_nl,
    label_en, help_nl, help_en, kinds, tags, views, is_required, settings, choices, position)
SELECT pg_temp.made_id('ff', k.place, %(until)s::timestamptz), %(workspace)s, %(circle)s, 1, %(until)s, %(until)s,
       pg_temp.made_id('fg', 0, %(until)s::timestamptz), k.key, k.type, k.nl, k.en, '', '', '{person}', '{}', '{}', false,
       '{}', k.choices::jsonb, k.place
  FROM (VALUES
    (0, 'segment', 'choice', 'Segment', 'Segment', '[{"key": "gold", "nl": "Goud", "en": "Gold"},
      {"key": "silver", "nl": "Zilver", "en": "Silver"}, {"key": "bronze", "nl": "Brons", "en": "Bronze"}]'),
    (1, 'turnover', 'money', 'Jaaromzet', 'Yearly turnover', '[]'),
    (2, 'customer_since', 'date', 'Klant sinds', 'Customer since', '[]'),
    (3, 'newsletter', 'yes_no', 'Nieuwsbrief', 'Newsletter', '[]'),
    (4, 'remark', 'text', 'Bijzonderheid', 'Remark', '[]')) AS k (place, key, type, nl, en, choices);
INSERT INTO metadata_index (id, workspace_id, circle_id, field_id, type, filled_at)
SELECT pg_temp.made_id('fi', k.place, %(until)s::timestamptz), %(workspace)s, %(circle)s,
       pg_temp.made_id('ff', k.place, %(until)s::timestamptz), k.type, %(until)s
  FROM (VALUES (0, 'choice'), (1, 'money'), (2, 'date')) AS k (place, type);
INSERT INTO relations_values (id, workspace_id, circle_id, version, created_at, updated_at, group_id, relation_id, values,
    filled)
SELECT pg_temp.made_id('fv', i.n, %(until)s::timestamptz), %(workspace)s, %(circle)s, 1, %(until)s, %(until)s,
       pg_temp.made_id('fg', 0, %(until)s::timestamptz), i.id,
       jsonb_build_object(k.segment, (ARRAY['gold', 'silver', 'silver', 'bronze', 'bronze'])
                                     [1 + floor(pg_temp.chance(i.n, 91) * 5)::int],
                          k.since, to_char(%(until)s::timestamptz - make_interval(days => (pg_temp.chance(i.n, 92) * 3650)::int),
                                           'YYYY-MM-DD'))
       || CASE WHEN i.n %% 2 = 0 THEN jsonb_build_object(k.turnover, jsonb_build_object(
              'amount', (power(10, 4 + pg_temp.chance(i.n, 93) * 5))::bigint, 'currency', 'EUR')) ELSE '{}' END
       || CASE WHEN i.n %% 3 = 0 THEN jsonb_build_object(k.newsletter, i.n %% 2 = 0) ELSE '{}' END
       || CASE WHEN i.n %% 50 = 0 THEN jsonb_build_object(k.remark, 'Komt via de beurs van ' || i.place) ELSE '{}' END,
       jsonb_build_object(k.segment, to_char(%(until)s::timestamptz, 'YYYY-MM-DD'))
  FROM made_person i
 CROSS JOIN (SELECT pg_temp.made_id('ff', 0, %(until)s::timestamptz)::text AS segment,
                    pg_temp.made_id('ff', 1, %(until)s::timestamptz)::text AS turnover,
                    pg_temp.made_id('ff', 2, %(until)s::timestamptz)::text AS since,
                    pg_temp.made_id('ff', 3, %(until)s::timestamptz)::text AS newsletter,
                    pg_temp.made_id('ff', 4, %(until)s::timestamptz)::text AS remark) k;
