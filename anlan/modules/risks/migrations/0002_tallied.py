"""Points by colour and sites by whether their register is complete, kept as differences by triggers; the facts view."""

from django.db import migrations

CREATE = """
CREATE VIEW facts_risks AS
SELECT id, number, name, site_id, holder, region_path, sector, kind, identification, state, inherent, residual, raised,
       raised_on, shown, control_level, accident_classes, assessed_on, created_at, closed_at,
       state <> 'closed' AS is_open
FROM risks_riskpoint;
CREATE FUNCTION risk_point_cells(state text, shown text, raised text)
RETURNS TABLE (what text, a text, b text, day date, at timestamptz) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 'risks.points', shown, CASE WHEN raised <> '' THEN 'raised' ELSE '' END, NULL::date, NULL::timestamptz
    WHERE state <> 'closed'
$$;
CREATE FUNCTION risk_site_cells(points int, assessed int, colour text, review_due date)
RETURNS TABLE (what text, a text, b text, day date, at timestamptz) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 'risks.sites', colour, CASE WHEN assessed = points THEN 'complete' ELSE '' END, review_due, NULL::timestamptz
    WHERE points > 0
$$;
CREATE VIEW tallied_risks AS
SELECT c.what, p.region_path, p.sector::text AS sector, c.a, c.b, c.day, c.at, count(*) AS n, 0::bigint AS also,
       0::numeric AS yuan
FROM risks_riskpoint p CROSS JOIN LATERAL risk_point_cells(p.state, p.shown, p.raised) c GROUP BY 1, 2, 3, 4, 5, 6, 7
UNION ALL
SELECT c.what, r.region_path, r.sector::text, c.a, c.b, c.day, c.at, count(*), 0::bigint, 0::numeric
FROM risks_register r CROSS JOIN LATERAL risk_site_cells(r.points, r.assessed, r.colour, r.review_due) c
GROUP BY 1, 2, 3, 4, 5, 6, 7;
"""
FUNCTION = """
CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM tally_cell WHERE what = '{what}';
        DELETE FROM tally_delta WHERE what = '{what}';
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO tally_delta (what, region_path, sector, a, b, day, at, n, also, yuan)
        SELECT c.what, r.region_path, r.sector, c.a, c.b, c.day, c.at, count(*), 0, 0
        FROM news r CROSS JOIN LATERAL {cells} c GROUP BY 1, 2, 3, 4, 5, 6, 7;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO tally_delta (what, region_path, sector, a, b, day, at, n, also, yuan)
        SELECT c.what, r.region_path, r.sector, c.a, c.b, c.day, c.at, -count(*), 0, 0
        FROM olds r CROSS JOIN LATERAL {cells} c GROUP BY 1, 2, 3, 4, 5, 6, 7;
    ELSE
        INSERT INTO tally_delta (what, region_path, sector, a, b, day, at, n, also, yuan)
        SELECT c.what, r.region_path, r.sector, c.a, c.b, c.day, c.at, sum(r.s), 0, 0
        FROM (SELECT 1 AS s, news.* FROM news UNION ALL SELECT -1, olds.* FROM olds) r
        CROSS JOIN LATERAL {cells} c GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(r.s) <> 0;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER tally_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS news
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE TRIGGER tally_update AFTER UPDATE ON {table} REFERENCING OLD TABLE AS olds NEW TABLE AS news
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE TRIGGER tally_delete AFTER DELETE ON {table} REFERENCING OLD TABLE AS olds
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();
CREATE TRIGGER tally_truncate AFTER TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION {function}();
"""
TABLES = (
    ("tally_risk_points", "risks_riskpoint", "risks.points", "risk_point_cells(r.state, r.shown, r.raised)"),
    (
        "tally_risk_sites", "risks_register", "risks.sites",
        "risk_site_cells(r.points, r.assessed, r.colour, r.review_due)",
    ),
)  # fmt: skip
DROP_TABLE = """
DROP TRIGGER tally_insert ON {table}; DROP TRIGGER tally_update ON {table};
DROP TRIGGER tally_delete ON {table}; DROP TRIGGER tally_truncate ON {table}; DROP FUNCTION {function};
"""
DROP = """
DROP VIEW tallied_risks; DROP FUNCTION risk_point_cells; DROP FUNCTION risk_site_cells; DROP VIEW facts_risks;
DELETE FROM tally_cell WHERE starts_with(what, 'risks.'); DELETE FROM tally_delta WHERE starts_with(what, 'risks.');
"""


def _of(template: str) -> str:
    named = [dict(zip(("function", "table", "what", "cells"), row, strict=True)) for row in TABLES]
    return "".join(template.format(**one) for one in named)


class Migration(migrations.Migration):
    dependencies = [("risks", "0001_initial"), ("tallies", "0001_initial")]
    operations = [migrations.RunSQL(CREATE + _of(FUNCTION), _of(DROP_TABLE) + DROP)]
