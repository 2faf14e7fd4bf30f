"""The risks of the demo city as statements: one a table, whatever the size of the city.

``:as_of`` is the city's day, ``:told`` whether everything is told (cities up to ten times the size) or only what the
pages of a larger one need, ``:often`` how many points share one that is checked, ``:lean`` how many units of a larger
city share one that has points. What happens to a site follows from a hash of its holder and serial: the same city has
the same risks.
"""

from __future__ import annotations

TEMPORARY = ("risk_template", "risk_made", "risk_tied", "risk_raised", "risk_failed")
AT = "AT TIME ZONE 'Asia/Shanghai'"
FULL_WORDS = """lower(normalize(concat_ws(E'\\n', m.number, t.name, u.name, CASE WHEN s.name <> u.name THEN s.name END,
    NULLIF(u.uscc, ''), NULLIF(split_part(u.pinyin, ' ', 2), '')), NFKC))"""
MADE = f"""
CREATE TEMP TABLE risk_made ON COMMIT DROP AS
WITH candidates AS (
    SELECT s.id AS site_id, s.holder, s.region_path, s.sector, s.lon, s.lat, s.headcount, t.code,
           row_number() OVER (
               PARTITION BY s.id
               ORDER BY (t.flag <> '') DESC, (t.line <> '') DESC, hashtext(s.holder || ':' || s.serial || '/' || t.code), t.code
           ) AS rank,
           1 + mod(hashtext(s.holder || ':' || s.serial)::bigint & 2147483647, 3)
             + coalesce(array_length(s.flags, 1), 0) / 2 AS wanted,
           hashtext(s.holder || ':' || s.serial || '-' || t.code)::bigint & 2147483647 AS dice
    FROM registry_site s
    JOIN risk_template t ON (t.flag = '' OR t.flag = ANY (s.flags))
        AND (t.line = '' OR split_part(s.sector, ':', 1) = t.line)
    WHERE s.status <> 'closed' AND s.merged_into_id IS NULL
      AND (:told OR mod(hashtext(s.holder)::bigint & 2147483647, :lean) = 0)
), chosen AS (
    SELECT c.*, CASE WHEN mod(dice, 100) < 88 THEN 'in_force' WHEN mod(dice, 100) < 94 THEN 'assessed' ELSE 'draft' END AS state,
           CASE WHEN :told AND mod(dice, 53) = 0 THEN 190 + mod(dice / 100, 25) ELSE 3 + mod(dice / 100, 150) END::int AS ago
    FROM candidates c WHERE rank <= wanted
), placed AS (
    SELECT c.*, :as_of - c.ago AS day, (:as_of - c.ago + time '10:00') {AT} AS at, left(r.code, 6) AS county,
           row_number() OVER (PARTITION BY r.code ORDER BY c.site_id, c.rank) AS serial,
           c.state = 'in_force' AND mod(c.dice, 11) = 0 AS twice
    FROM chosen c JOIN regions_region r ON r.path = left(c.region_path, 8)
), principals AS (
    SELECT DISTINCT ON (g.holder) g.holder, u.id, u.name FROM identity_grant g JOIN identity_user u ON u.id = g.user_id
    WHERE g.role = 'unit_principal' AND g.holder <> '' ORDER BY g.holder, g.id
)
SELECT nextval(pg_get_serial_sequence('risks_riskpoint', 'id')) AS id,
       CASE WHEN c.twice THEN nextval(pg_get_serial_sequence('risks_assessment', 'id')) END AS first_assessment_id,
       nextval(pg_get_serial_sequence('risks_assessment', 'id')) AS assessment_id,
       CASE WHEN c.twice THEN nextval(pg_get_serial_sequence('risks_factor', 'id')) END AS first_factor_id,
       nextval(pg_get_serial_sequence('risks_factor', 'id')) AS factor_id,
       'FX' || c.county || '-' || lpad(c.serial::text, greatest(6, length(c.serial::text)), '0') AS number, c.county,
       c.site_id, c.holder, c.region_path, c.sector, c.lon, c.lat, c.headcount, c.code, c.dice, c.state, c.day, c.at,
       c.twice, coalesce(p.name, '主要负责人') AS principal, p.id AS principal_id,
       :told OR c.state <> 'in_force' OR mod(c.dice, 50) = 0 AS shown_working
FROM placed c LEFT JOIN principals p ON p.holder = c.holder
ORDER BY c.site_id, c.rank
"""
TIED = """
CREATE TEMP TABLE risk_tied ON COMMIT DROP AS
SELECT DISTINCT ON (h.id) h.id AS hazard_id, h.number, m.id AS point_id, h.found_on, h.state, m.assessment_id, m.site_id
FROM hazards_hazard h JOIN risk_made m ON m.site_id = h.site_id AND m.state = 'in_force'
WHERE h.found_on > m.day AND h.found_on > :as_of - 180 AND h.state NOT IN ('withdrawn', 'merged')
ORDER BY h.id, hashtext(m.number || ':' || h.number)
"""
RAISED = """
CREATE TEMP TABLE risk_raised ON COMMIT DROP AS
SELECT point_id, count(*) AS n, max(found_on) AS on_day FROM risk_tied GROUP BY point_id HAVING count(*) >= 3
"""
# Of the points with an open hazard, every other one has it from a measure that failed.
FAILED = """
CREATE TEMP TABLE risk_failed ON COMMIT DROP AS
SELECT DISTINCT ON (x.point_id) x.point_id, x.hazard_id, x.number AS hazard_number, x.found_on, x.site_id,
       e.id AS measure_id, e.text AS measure
FROM risk_tied x JOIN risks_measure e ON e.assessment_id = x.assessment_id
WHERE x.state NOT IN ('closed', 'accepted') AND mod(hashtext(x.number)::bigint & 2147483647, 2) = 0
ORDER BY x.point_id, x.hazard_id, e.id
"""
UP = "CASE t.residual WHEN 'blue' THEN 'yellow' WHEN 'yellow' THEN 'orange' ELSE 'red' END"
POINTS = f"""
INSERT INTO risks_riskpoint (id, region_path, sector, holder, version, state, number, site_id, name, kind, identification,
    place, people, emergency_phone, lon, lat, assessment_id, inherent, residual, raised, raised_on, shown, control_level,
    responsible, accident_classes, assessed_on, counted_from, card_token, card_issued_at, created_at, closed_at, search_text)
SELECT m.id, m.region_path, m.sector, m.holder, 1, m.state, m.number, m.site_id, t.name, t.kind, 'jha', '',
    least(m.headcount, 1 + mod(m.dice, 12)), '', m.lon, m.lat,
    CASE WHEN f THEN m.assessment_id END, CASE WHEN f THEN t.inherent ELSE '' END, CASE WHEN f THEN t.residual ELSE '' END,
    CASE WHEN up THEN {UP} ELSE '' END, CASE WHEN up THEN x.on_day END,
    CASE WHEN NOT f THEN '' WHEN up THEN {UP} ELSE t.residual END,
    CASE WHEN NOT f THEN '' WHEN up THEN 'company' ELSE t.control END, CASE WHEN f THEN m.principal ELSE '' END,
    CASE WHEN f THEN ARRAY[t.accident] ELSE '{{}}' END, CASE WHEN f THEN m.day END,
    CASE WHEN NOT f THEN NULL WHEN up THEN (x.on_day + time '18:00') {AT} ELSE m.at END,
    CASE WHEN f AND mod(m.dice, 3) = 0 THEN left(md5(m.holder || m.number), 24) ELSE '' END,
    CASE WHEN f AND mod(m.dice, 3) = 0 THEN m.at + interval '2 hours' END,
    m.at - interval '2 days' - CASE WHEN m.twice THEN interval '60 days' ELSE interval '0' END, NULL, {FULL_WORDS}
FROM risk_made m JOIN risk_template t USING (code) JOIN registry_site s ON s.id = m.site_id
JOIN registry_unit u ON u.id = s.unit_id LEFT JOIN risk_raised x ON x.point_id = m.id
CROSS JOIN LATERAL (SELECT m.state = 'in_force' AS f, x.point_id IS NOT NULL AND t.residual <> 'red' AS up) w
ORDER BY m.id
"""
SCOPE = "m.region_path, m.sector, m.holder"
# The first revision of those scored twice: without the measures, two months before.
ASSESSMENTS = f"""
INSERT INTO risks_assessment (id, region_path, sector, holder, point_id, number, inherent, residual, control_level,
    responsible, note, finding, assessed_at, assessed_by, in_force_at, approved_by, superseded_at, returned_at)
SELECT m.first_assessment_id, {SCOPE}, m.id, 1, t.inherent, t.inherent, 'company', m.principal, '',
    CASE WHEN m.shown_working THEN t.settled_before ELSE '{{}}' END, m.at - interval '60 days', m.principal,
    m.at - interval '60 days' + interval '1 hour', m.principal, m.at + interval '1 hour', NULL::timestamptz
FROM risk_made m JOIN risk_template t USING (code) WHERE m.twice
UNION ALL
SELECT m.assessment_id, {SCOPE}, m.id, CASE WHEN m.twice THEN 2 ELSE 1 END, CASE WHEN s THEN t.inherent ELSE '' END,
    CASE WHEN s THEN t.residual ELSE '' END, CASE WHEN s THEN t.control ELSE '' END,
    CASE WHEN s THEN m.principal ELSE '' END, '', CASE WHEN s AND m.shown_working THEN t.settled ELSE '{{}}' END,
    CASE WHEN s THEN m.at END, CASE WHEN s THEN m.principal ELSE '' END,
    CASE WHEN m.state = 'in_force' THEN m.at + interval '1 hour' END,
    CASE WHEN m.state = 'in_force' THEN m.principal ELSE '' END, NULL, NULL
FROM risk_made m JOIN risk_template t USING (code) CROSS JOIN LATERAL (SELECT m.state <> 'draft' AS s) x
ORDER BY 1
"""
FACTORS = f"""
INSERT INTO risks_factor (id, region_path, sector, holder, assessment_id, "order", part, standard, factor, accident_class,
    method, inherent_given, residual_given, inherent, residual, inherent_score, residual_score, finding)
SELECT m.first_factor_id, {SCOPE}, m.first_assessment_id, 1, t.part, '', t.factor, t.accident, 'lec', t.inherent_given,
    t.inherent_given, t.inherent, t.inherent, t.inherent_score, t.inherent_score,
    CASE WHEN m.shown_working THEN t.finding_before ELSE '{{}}' END
FROM risk_made m JOIN risk_template t USING (code) WHERE m.twice
UNION ALL
SELECT m.factor_id, {SCOPE}, m.assessment_id, 1, t.part, '', t.factor, t.accident, 'lec', t.inherent_given,
    t.residual_given, t.inherent, t.residual, t.inherent_score, t.residual_score,
    CASE WHEN m.shown_working THEN t.finding ELSE '{{}}' END
FROM risk_made m JOIN risk_template t USING (code)
ORDER BY 1
"""
MEASURES = f"""
INSERT INTO risks_measure (region_path, sector, holder, assessment_id, factor_id, kind, text, failed, checked_at)
SELECT {SCOPE}, k.assessment_id, k.factor_id, x.one->>0, x.one->>1, false,
    CASE WHEN m.state = 'in_force' AND k.last AND mod(m.dice, :often) = 0 THEN m.at + interval '1 day' END
FROM risk_made m JOIN risk_template t USING (code)
CROSS JOIN LATERAL (VALUES (m.assessment_id, m.factor_id, true), (m.first_assessment_id, m.first_factor_id, false))
    k(assessment_id, factor_id, last)
CROSS JOIN LATERAL jsonb_array_elements(t.measures) WITH ORDINALITY x(one, n)
WHERE k.assessment_id IS NOT NULL AND (k.last OR x.n = 1) ORDER BY m.id, k.last, x.n
"""
CHECKS = (
    f"""
INSERT INTO risks_measurecheck (region_path, sector, holder, point_id, measure_id, effective, note, hazard_id, by_unit,
    by_name, at)
SELECT {SCOPE}, m.id, e.id, true, '', NULL, true, m.principal, e.checked_at
FROM risks_measure e JOIN risk_made m ON m.assessment_id = e.assessment_id WHERE e.checked_at IS NOT NULL
UNION ALL
SELECT {SCOPE}, m.id, x.measure_id, false, '现场查看，该措施未落实', x.hazard_id, true, m.principal,
    (x.found_on + time '10:30') {AT}
FROM risk_failed x JOIN risk_made m ON m.id = x.point_id
ORDER BY 11, 4, 5
""",
    f"""
UPDATE risks_measure e SET failed = true, hazard_id = x.hazard_id, checked_at = (x.found_on + time '10:30') {AT}
FROM risk_failed x WHERE x.measure_id = e.id
""",
)
TIES = f"""
INSERT INTO risks_hazardtie (region_path, sector, holder, point_id, hazard_id, measure_id, counts, found_on, tied_at, by_name)
SELECT {SCOPE}, m.id, x.hazard_id, y.measure_id, true, x.found_on, (x.found_on + time '18:00') {AT}, m.principal
FROM risk_tied x JOIN risk_made m ON m.id = x.point_id LEFT JOIN risk_failed y ON y.hazard_id = x.hazard_id
ORDER BY x.hazard_id
"""
CHANGES = f"""
INSERT INTO risks_colourchange (region_path, sector, holder, point_id, before, after, "on", at, why, steps)
SELECT {SCOPE}, m.id, '', t.inherent, m.day - 60, m.at - interval '60 days', 'assessed',
    CASE WHEN m.shown_working THEN t.settled_before->'residual'->'steps' ELSE '[]' END
FROM risk_made m JOIN risk_template t USING (code) WHERE m.twice
UNION ALL
SELECT {SCOPE}, m.id, CASE WHEN m.twice THEN t.inherent ELSE '' END, t.residual, m.day, m.at, 'assessed',
    CASE WHEN m.shown_working THEN t.settled->'residual'->'steps' ELSE '[]' END
FROM risk_made m JOIN risk_template t USING (code)
WHERE m.state = 'in_force' AND NOT (m.twice AND t.inherent = t.residual)
UNION ALL
SELECT {SCOPE}, m.id, t.residual, {UP}, x.on_day, (x.on_day + time '18:00') {AT}, 'repeated',
    jsonb_build_array(jsonb_build_array(x.n || ' hazards within 180 days, 3 raise the level',
                                        '180日内发现隐患' || x.n || '起，达到3起升级'))
FROM risk_made m JOIN risk_template t USING (code) JOIN risk_raised x ON x.point_id = m.id WHERE t.residual <> 'red'
ORDER BY 7, 4
"""
COLOURS = "ARRAY['red', 'orange', 'yellow', 'blue']"
REGISTERS = f"""
INSERT INTO risks_register (region_path, sector, holder, version, site_id, points, assessed, failed, colour, review_due)
SELECT p.region_path, p.sector, p.holder, 1, p.site_id, count(*), count(*) FILTER (WHERE p.shown <> ''),
    coalesce(max(f.n), 0), coalesce(({COLOURS})[min(array_position({COLOURS}, NULLIF(p.shown, '')::text))], ''),
    (min(p.assessed_on) + interval '6 months')::date
FROM risks_riskpoint p LEFT JOIN (SELECT site_id, count(*) AS n FROM risk_failed GROUP BY site_id) f USING (site_id)
GROUP BY p.region_path, p.sector, p.holder, p.site_id ORDER BY p.site_id
"""
# A review that is over was raised already: three days on, the next level up hears of it.
DUE = f"""
INSERT INTO deadlines_deadline (version, region_path, sector, holder, kind, label, subject_type, subject_id, subject_title,
    starts_on, due_at, provisional, in_working_days, basis, trace, duty, desk_path, desk_sector, desk_holder, state,
    remind_days, next_action_at, escalated_path, escalations)
SELECT 1, w.region_path, w.sector, w.holder, w.kind, w.label, w.subject_type, w.subject_id, w.title, w.starts_on, d.due,
    false, false, w.basis, '[]', 'risks.keep', '', '', w.holder, 'open', w.remind,
    CASE WHEN d.due < n.now THEN n.now + interval '3 days'
         WHEN d.due - interval '30 days' > n.now AND w.remind <> '[]' THEN d.due - interval '30 days'
         WHEN d.due - interval '7 days' > n.now AND w.remind <> '[]' THEN d.due - interval '7 days'
         WHEN d.due - interval '1 day' > n.now AND w.remind <> '[]' THEN d.due - interval '1 day'
         ELSE d.due + interval '1 second' END,
    CASE WHEN d.due < n.now THEN left(w.region_path, 12) ELSE '' END, CASE WHEN d.due < n.now THEN 1 ELSE 0 END
FROM (
    SELECT r.region_path, r.sector, r.holder, 'risks.review' AS kind, 'Review the risk register' AS label,
           'risks.register' AS subject_type, r.id::text AS subject_id, s.name AS title,
           (r.review_due - interval '6 months')::date AS starts_on, r.review_due AS due,
           '本地规定：企业风险清单定期复评' AS basis, '[30, 7, 1]'::jsonb AS remind
    FROM risks_register r JOIN registry_site s ON s.id = r.site_id WHERE r.review_due IS NOT NULL
    UNION ALL
    SELECT m.region_path, m.sector, m.holder, 'risks.reassess', 'Assess the raised risk point again', 'risks.riskpoint',
           m.id::text, m.number || ' ' || t.name, x.on_day, x.on_day + 30, '本地规定：隐患反复的风险点限期重新评估', '[]'
    FROM risk_raised x JOIN risk_made m ON m.id = x.point_id JOIN risk_template t USING (code) WHERE t.residual <> 'red'
) w
CROSS JOIN LATERAL (SELECT (w.due + time '23:59:59') {AT} AS due) d
CROSS JOIN (SELECT (:as_of + time '09:00') {AT} AS now) n
ORDER BY w.subject_type, w.subject_id::bigint
"""
NUMBERS = """
INSERT INTO codes_counter (series, last) SELECT '风险:' || county, count(*) FROM risk_made GROUP BY county
ON CONFLICT (series) DO UPDATE SET last = excluded.last
"""
STEPS = """
INSERT INTO journal_steptaken (subject_type, subject_id, step, actor_key, actor_name, at, note)
SELECT 'risks.riskpoint', m.id::text, x.step, 'user:' || m.principal_id, m.principal, m.at + x.late, ''
FROM risk_made m JOIN (VALUES ('register', interval '-2 days', 0), ('assess', interval '0', 1),
    ('put_in_force', interval '1 hour', 2)) x(step, late, rank)
    ON x.rank <= CASE m.state WHEN 'draft' THEN 0 WHEN 'assessed' THEN 1 ELSE 2 END
WHERE m.principal_id IS NOT NULL ORDER BY m.id, x.rank
"""
LEVELS = """CASE {0} WHEN 'red' THEN 'Major risk' WHEN 'orange' THEN 'Considerable risk'
    WHEN 'yellow' THEN 'General risk' ELSE 'Low risk' END"""
JOURNAL = f"""
INSERT INTO journal_entry (region_path, sector, holder, at, act, fact_type, data, subject_type, subject_id, actor_key,
    actor_name, cause)
SELECT m.region_path, m.sector, m.holder, w.at, w.act, w.fact, w.data, 'risks.riskpoint', m.id::text,
    coalesce('user:' || m.principal_id, 'system:demo city'), m.principal, ''
FROM risk_made m JOIN risk_template t USING (code)
LEFT JOIN risk_raised x ON x.point_id = m.id AND t.residual <> 'red' LEFT JOIN risk_failed y ON y.point_id = m.id
CROSS JOIN LATERAL (VALUES
    (m.at - interval '2 days' - CASE WHEN m.twice THEN interval '60 days' ELSE interval '0' END, 'risks.register_point',
     'risks.PointRegistered', jsonb_build_object('number', m.number, 'name', t.name), true),
    (m.at, 'risks.assess_point', 'risks.PointAssessed', jsonb_build_object('revision', CASE WHEN m.twice THEN 2 ELSE 1 END,
     'inherent', {LEVELS.format("t.inherent")}, 'residual', {LEVELS.format("t.residual")}), m.state <> 'draft'),
    (m.at + interval '1 hour', 'risks.put_in_force', 'risks.AssessmentInForce', jsonb_build_object('revision',
     CASE WHEN m.twice THEN 2 ELSE 1 END, 'level', {LEVELS.format("t.residual")}, 'shown', t.residual), m.state = 'in_force'),
    ((y.found_on + time '10:30') {AT}, 'risks.check_measure', 'risks.MeasureFailed',
     jsonb_build_object('measure', y.measure, 'number', y.hazard_number), y.point_id IS NOT NULL),
    ((x.on_day + time '18:00') {AT}, 'risks.tie_hazard', 'risks.LevelRaised', jsonb_build_object('level',
     {LEVELS.format(UP)}, 'shown', {UP}, 'hazards', x.n, 'days', 180), x.point_id IS NOT NULL)
) w(at, act, fact, data, so)
WHERE w.so ORDER BY w.at, m.id
"""
EVERY = (
    MADE,
    TIED,
    RAISED,
    POINTS,
    ASSESSMENTS,
    FACTORS,
    MEASURES,
    FAILED,
    *CHECKS,
    TIES,
    CHANGES,
    REGISTERS,
    DUE,
    NUMBERS,
)
TOLD = (STEPS, JOURNAL)
