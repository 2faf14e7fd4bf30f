"""What each site counts for, and how many units have one in each region, kept as differences by triggers.

A unit with sites in two towns counts once in each of them and once in the county: ``registry.units`` has a row for
every region above a site, of all lines (``a`` is ``every``, no line) and line by line (``a`` is ``line``).
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION unit_cells(region_path text, sector text) RETURNS TABLE (region_path text, sector text, a text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT left($1, step * 4), v.sector, v.a
    FROM generate_series(1, length($1) / 4) AS step, (VALUES ('', 'every'), ($2, 'line')) AS v(sector, a)
$$;
CREATE VIEW tallied_registry AS
SELECT 'registry.sites'::text AS what, s.region_path, s.sector::text AS sector, ''::text AS a, ''::text AS b,
       NULL::date AS day, NULL::timestamptz AS at, count(*) AS n, 0::bigint AS also, 0::numeric AS yuan
FROM registry_site s WHERE s.status <> 'closed' AND s.merged_into_id IS NULL
GROUP BY s.region_path, s.sector
UNION ALL
SELECT 'registry.units', d.region_path, d.sector, d.a, '', NULL, NULL, count(*), 0, 0
FROM (
    SELECT DISTINCT c.region_path, c.sector, c.a, s.holder
    FROM registry_site s CROSS JOIN LATERAL unit_cells(s.region_path, s.sector) c
    WHERE s.status <> 'closed' AND s.merged_into_id IS NULL
) d
GROUP BY d.region_path, d.sector, d.a;
CREATE FUNCTION tally_sites(signs int[], ids bigint[], holders text[], paths text[], sectors text[]) RETURNS void
LANGUAGE sql AS $$
    -- Sites that count now and did not (1), or did and do not any more (-1), as the statement left the table.
    WITH changed AS (SELECT * FROM unnest(signs, ids, holders, paths, sectors) AS c(s, id, holder, region_path, sector)),
    present AS (
        SELECT s.id, s.holder::text, s.region_path::text, s.sector::text FROM registry_site s
        WHERE s.holder IN (SELECT holder FROM changed) AND s.status <> 'closed' AND s.merged_into_id IS NULL
    ),
    past AS (
        (SELECT * FROM present EXCEPT SELECT id, holder, region_path, sector FROM changed WHERE s = 1)
        UNION ALL SELECT id, holder, region_path, sector FROM changed WHERE s = -1
    ),
    told AS (
        SELECT DISTINCT 1 AS s, p.holder, c.region_path, c.sector, c.a
        FROM present p CROSS JOIN LATERAL unit_cells(p.region_path, p.sector) c
        UNION ALL
        SELECT DISTINCT -1, p.holder, c.region_path, c.sector, c.a
        FROM past p CROSS JOIN LATERAL unit_cells(p.region_path, p.sector) c
    )
    INSERT INTO tally_delta (what, region_path, sector, a, b, n, also, yuan)
    SELECT 'registry.sites', region_path, sector, '', '', sum(s), 0, 0 FROM changed
    GROUP BY region_path, sector HAVING sum(s) <> 0
    UNION ALL
    SELECT 'registry.units', region_path, sector, a, '', sum(s), 0, 0 FROM told
    GROUP BY region_path, sector, a HAVING sum(s) <> 0
$$;
CREATE FUNCTION tally_registry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM tally_cell WHERE starts_with(what, 'registry.');
        DELETE FROM tally_delta WHERE starts_with(what, 'registry.');
    ELSIF TG_OP = 'INSERT' THEN
        PERFORM tally_sites(array_agg(1), array_agg(id), array_agg(holder::text), array_agg(region_path::text),
                            array_agg(sector::text))
        FROM news WHERE status <> 'closed' AND merged_into_id IS NULL HAVING count(*) > 0;
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM tally_sites(array_agg(-1), array_agg(id), array_agg(holder::text), array_agg(region_path::text),
                            array_agg(sector::text))
        FROM olds WHERE status <> 'closed' AND merged_into_id IS NULL HAVING count(*) > 0;
    ELSE
        PERFORM tally_sites(array_agg(s), array_agg(id), array_agg(holder::text), array_agg(region_path::text),
                            array_agg(sector::text))
        FROM (
        WITH n AS (SELECT id, holder, region_path, sector FROM news
                   WHERE status <> 'closed' AND merged_into_id IS NULL),
        o AS (SELECT id, holder, region_path, sector FROM olds WHERE status <> 'closed' AND merged_into_id IS NULL),
        changed AS (
            SELECT 1 AS s, x.* FROM (SELECT * FROM n EXCEPT SELECT * FROM o) x
            UNION ALL SELECT -1, x.* FROM (SELECT * FROM o EXCEPT SELECT * FROM n) x
        )
        SELECT * FROM changed) c HAVING count(*) > 0;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER tally_insert AFTER INSERT ON registry_site REFERENCING NEW TABLE AS news
    FOR EACH STATEMENT EXECUTE FUNCTION tally_registry();
CREATE TRIGGER tally_update AFTER UPDATE ON registry_site REFERENCING OLD TABLE AS olds NEW TABLE AS news
    FOR EACH STATEMENT EXECUTE FUNCTION tally_registry();
CREATE TRIGGER tally_delete AFTER DELETE ON registry_site REFERENCING OLD TABLE AS olds
    FOR EACH STATEMENT EXECUTE FUNCTION tally_registry();
CREATE TRIGGER tally_truncate AFTER TRUNCATE ON registry_site
    FOR EACH STATEMENT EXECUTE FUNCTION tally_registry();
INSERT INTO tally_delta (what, region_path, sector, a, b, day, at, n, also, yuan)
SELECT what, region_path, sector, a, b, day, at, n, also, yuan FROM tallied_registry;
"""
DROP = """
DROP TRIGGER tally_insert ON registry_site; DROP TRIGGER tally_update ON registry_site;
DROP TRIGGER tally_delete ON registry_site; DROP TRIGGER tally_truncate ON registry_site;
DROP FUNCTION tally_registry; DROP FUNCTION tally_sites; DROP VIEW tallied_registry; DROP FUNCTION unit_cells;
DELETE FROM tally_cell WHERE starts_with(what, 'registry.'); DELETE FROM tally_delta WHERE starts_with(what, 'registry.');
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_facts_view"), ("tallies", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
