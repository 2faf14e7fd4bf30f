"""Points by colour and complete registers kept for every region above a site too: a place is read without adding up
what lies in its villages. The differences a statement makes are added up first, then told to each region above."""

from importlib import import_module

from django.db import migrations

before = import_module("anlan.modules.risks.migrations.0002_tallied")

KINDS = (
    ("tally_risk_points", "risks_riskpoint", "risks.points", "risk_point_cells(r.state, r.shown, r.raised)"),
    ("tally_risk_sites", "risks_register", "risks.sites", "risk_register_cells(r.points, r.assessed, r.review_due)"),
)
CREATE = """
CREATE FUNCTION risk_regions(region_path text) RETURNS TABLE (region_path text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT left($1, step * 4) FROM generate_series(1, length($1) / 4) AS step
$$;
CREATE FUNCTION risk_register_cells(points int, assessed int, review_due date)
RETURNS TABLE (what text, a text, b text, day date, at timestamptz) LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 'risks.sites', '', CASE WHEN assessed = points THEN 'complete' ELSE '' END, review_due, NULL::timestamptz
    WHERE points > 0
$$;
DROP VIEW tallied_risks;
"""
COUNTED = """
SELECT g.what, x.region_path, g.sector, g.a, g.b, g.day, g.at, sum(g.n)::bigint AS n, 0::bigint AS also, 0::numeric AS yuan
FROM (
    SELECT c.what, r.region_path, r.sector::text AS sector, c.a, c.b, c.day, c.at, {sum} AS n
    FROM {rows} r CROSS JOIN LATERAL {cells} c GROUP BY 1, 2, 3, 4, 5, 6, 7
) g CROSS JOIN LATERAL risk_regions(g.region_path) x
GROUP BY 1, 2, 3, 4, 5, 6, 7 HAVING sum(g.n) <> 0
"""
COLUMNS = "(what, region_path, sector, a, b, day, at, n, also, yuan)"
FUNCTION = """
CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM tally_cell WHERE what = '{what}';
        DELETE FROM tally_delta WHERE what = '{what}';
    ELSIF TG_OP = 'INSERT' THEN
        INSERT INTO tally_delta {columns} {inserted};
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO tally_delta {columns} {deleted};
    ELSE
        INSERT INTO tally_delta {columns} {updated};
    END IF;
    RETURN NULL;
END
$$;
"""
BOTH = "(SELECT 1 AS s, news.* FROM news UNION ALL SELECT -1, olds.* FROM olds)"
FORGET = "DELETE FROM tally_cell WHERE starts_with(what, 'risks.'); DELETE FROM tally_delta WHERE starts_with(what, 'risks.');"
FILL = """
INSERT INTO tally_delta (what, region_path, sector, a, b, day, at, n, also, yuan)
SELECT what, region_path, sector, a, b, day, at, n, also, yuan FROM tallied_risks;
"""


def functions() -> str:
    """The triggers' functions, each kind's own."""
    made = ""
    for function, _table, what, cells in KINDS:
        said = {
            name: COUNTED.format(sum=total, rows=rows, cells=cells)
            for name, total, rows in (
                ("inserted", "count(*)", "news"), ("deleted", "-count(*)", "olds"), ("updated", "sum(r.s)", BOTH),
            )
        }
        made += FUNCTION.format(function=function, what=what, columns=COLUMNS, **said)
    return made


def view() -> str:
    """What the nightly comparison counts anew."""
    parts = [COUNTED.format(sum="count(*)", rows=table, cells=cells) for _f, table, _w, cells in KINDS]
    return f"CREATE VIEW tallied_risks AS {' UNION ALL '.join(parts)};"


BACK = (
    "DROP VIEW tallied_risks; DROP FUNCTION risk_register_cells; DROP FUNCTION risk_regions;"
    + "CREATE VIEW tallied_risks AS" + before.CREATE.partition("CREATE VIEW tallied_risks AS")[2]
    + before._of(before.FUNCTION.partition("CREATE TRIGGER")[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
    + FORGET + FILL
)


class Migration(migrations.Migration):
    dependencies = [("risks", "0003_words")]
    operations = [migrations.RunSQL(CREATE + view() + functions() + FORGET + FILL, BACK)]
