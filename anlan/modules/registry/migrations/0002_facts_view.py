"""``facts_registry``: the one view analytics reads of this module. One row a site; merged ones are left out."""

from django.db import migrations

CREATE = """
CREATE VIEW facts_registry AS
SELECT id, unit_id, holder, region_path, sector, trade, industry, scale, headcount, flags, status, status_since,
       opened_on, is_main, lon, lat,
       status <> 'closed' AS is_working,
       (SELECT u.name FROM registry_unit u WHERE u.id = s.unit_id) AS unit_name,
       (SELECT u.kind FROM registry_unit u WHERE u.id = s.unit_id) AS unit_kind
FROM registry_site s
WHERE merged_into_id IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, "DROP VIEW facts_registry")]
