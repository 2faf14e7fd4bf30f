"""What each hazard counts for, kept as differences by triggers. Days are Chinese calendar days."""

from django.db import migrations

CREATE = """
CREATE FUNCTION hazard_cells(
    state text, grade text, category text, due_at timestamptz, found_on date, rectify_due date, rectified_on date,
    closed_at timestamptz, needed numeric, spent numeric
) RETURNS TABLE (what text, a text, b text, day date, at timestamptz, also int, yuan numeric)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 'hazards.open', grade, category, NULL::date, due_at,
           CASE WHEN grade = 'major' AND needed IS NULL THEN 1 ELSE 0 END,
           CASE WHEN grade = 'major' THEN greatest(coalesce(needed, 0) - coalesce(spent, 0), 0) ELSE 0 END
    WHERE state NOT IN ('closed', 'withdrawn', 'merged')
    UNION ALL
    SELECT 'hazards.found', CASE WHEN state = 'closed' THEN 'closed' ELSE '' END, '', found_on, NULL, 0, 0
    WHERE state NOT IN ('withdrawn', 'merged')
    UNION ALL
    SELECT 'hazards.due', CASE WHEN rectified_on <= rectify_due THEN 'in_time' ELSE '' END, '', rectify_due, NULL, 0, 0
    WHERE state NOT IN ('withdrawn', 'merged') AND rectify_due IS NOT NULL
    UNION ALL
    SELECT 'hazards.closed', '', '', (closed_at AT TIME ZONE 'Asia/Shanghai')::date, NULL, 0, 0
    WHERE state = 'closed'
$$;
CREATE VIEW tallied_hazards AS
SELECT c.what, h.region_path, h.sector::text AS sector, c.a, c.b, c.day, c.at, count(*) AS n, sum(c.also) AS also,
       sum(c.yuan) AS yuan
FROM hazards_hazard h CROSS JOIN LATERAL hazard_cells(h.state, h.grade, h.category, h.due_at, h.found_on,
    h.rectify_due, h.rectified_on, h.closed_at, h.money_needed_yuan, h.money_spent_yuan) c
GROUP BY 1, 2, 3, 4, 5, 6, 7;
CREATE FUNCTION tally_hazards() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM tally_cell WHERE starts_with(what, 'hazards.');
        DELETE FROM tally_delta WHERE starts_with(what, 'hazards.');
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO tally_delta (what, region_path, sector, a, b, day, at, n, also, yuan)
        SELECT c.what, r.region_path, r.sector, c.a, c.b, c.day, c.at, count(*), sum(c.also), sum(c.yuan)
        FROM news r CROSS JOIN LATERAL hazard_cells(r.state, r.grade, r.category, r.due_at, r.found_on, r.rectify_due,
            r.rectified_on, r.closed_at, r.money_needed_yuan, r.money_spent_yuan) c
        GROUP BY 1, 2, 3, 4, 5, 6, 7;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO tally_delta (what, region_path, sector, a, b, day, at, n, also, yuan)
        SELECT c.what, r.region_path, r.sector, c.a, c.b, c.day, c.at, -count(*), -sum(c.also), -sum(c.yuan)
        FROM olds r CROSS JOIN LATERAL hazard_cells(r.state, r.grade, r.category, r.due_at, r.found_on, r.rectify_due,
            r.rectified_on, r.closed_at, r.money_needed_yuan, r.money_spent_yuan) c
        GROUP BY 1, 2, 3, 4, 5, 6, 7;
    ELSE
        INSERT INTO tally_delta (what, region_path, sector, a, b, day, at, n, also, yuan)
        SELECT c.what, r.region_path, r.sector, c.a, c.b, c.day, c.at, sum(r.s), sum(r.s * c.also), sum(r.s * c.yuan)
        FROM (SELECT 1 AS s, news.* FROM news UNION ALL SELECT -1, olds.* FROM olds) r
        CROSS JOIN LATERAL hazard_cells(r.state, r.grade, r.category, r.due_at, r.found_on, r.rectify_due,
            r.rectified_on, r.closed_at, r.money_needed_yuan, r.money_spent_yuan) c
        GROUP BY 1, 2, 3, 4, 5, 6, 7
        HAVING sum(r.s) <> 0 OR sum(r.s * c.also) <> 0 OR sum(r.s * c.yuan) <> 0;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER tally_insert AFTER INSERT ON hazards_hazard REFERENCING NEW TABLE AS news
    FOR EACH STATEMENT EXECUTE FUNCTION tally_hazards();
CREATE TRIGGER tally_update AFTER UPDATE ON hazards_hazard REFERENCING OLD TABLE AS olds NEW TABLE AS news
    FOR EACH STATEMENT EXECUTE FUNCTION tally_hazards();
CREATE TRIGGER tally_delete AFTER DELETE ON hazards_hazard REFERENCING OLD TABLE AS olds
    FOR EACH STATEMENT EXECUTE FUNCTION tally_hazards();
CREATE TRIGGER tally_truncate AFTER TRUNCATE ON hazards_hazard
    FOR EACH STATEMENT EXECUTE FUNCTION tally_hazards();
INSERT INTO tally_delta (what, region_path, sector, a, b, day, at, n, also, yuan)
SELECT what, region_path, sector, a, b, day, at, n, also, yuan FROM tallied_hazards;
"""
DROP = """
DROP TRIGGER tally_insert ON hazards_hazard; DROP TRIGGER tally_update ON hazards_hazard;
DROP TRIGGER tally_delete ON hazards_hazard; DROP TRIGGER tally_truncate ON hazards_hazard;
DROP FUNCTION tally_hazards; DROP VIEW tallied_hazards; DROP FUNCTION hazard_cells;
DELETE FROM tally_cell WHERE starts_with(what, 'hazards.'); DELETE FROM tally_delta WHERE starts_with(what, 'hazards.');
"""


class Migration(migrations.Migration):
    dependencies = [("hazards", "0002_facts_view"), ("tallies", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
