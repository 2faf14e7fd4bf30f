"""``facts_hazards``: the one view analytics reads of this module. One row a hazard; days are Chinese calendar days."""

from django.db import migrations

CREATE = """
CREATE VIEW facts_hazards AS
SELECT id, number, title, site_id, holder, region_path, sector, owner_path, owner_sector, source, by_unit, category, grade,
       state, clause_set, clause_version, clause_code, found_on, rectify_due, rectified_on, closed_at,
       (closed_at AT TIME ZONE 'Asia/Shanghai')::date AS closed_on, due_at, due_kind, listing_level,
       money_needed_yuan, money_spent_yuan, returned, reopened, extended, repeat_of_id, merged_into_id,
       state NOT IN ('closed', 'withdrawn', 'merged') AS is_open,
       state NOT IN ('closed', 'withdrawn', 'merged') AND due_at < now() AS is_overdue,
       rectified_on > rectify_due AS rectified_late,
       (coalesce(rectified_on, (now() AT TIME ZONE 'Asia/Shanghai')::date) - found_on) AS days_to_rectify,
       -- Names as subqueries, not joins: whoever only counts pays nothing for them.
       (SELECT u.name FROM registry_site s JOIN registry_unit u ON u.id = s.unit_id WHERE s.id = h.site_id) AS unit_name,
       coalesce((SELECT l.leader_name FROM hazards_listing l WHERE l.hazard_id = h.id AND l.state IN ('listed', 'delisting_requested')), '') AS leader_name,
       coalesce((SELECT l.leader_title FROM hazards_listing l WHERE l.hazard_id = h.id AND l.state IN ('listed', 'delisting_requested')), '') AS leader_title,
       coalesce((SELECT l.leader_phone FROM hazards_listing l WHERE l.hazard_id = h.id AND l.state IN ('listed', 'delisting_requested')), '') AS leader_phone
FROM hazards_hazard h
"""


class Migration(migrations.Migration):
    dependencies = [("hazards", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, "DROP VIEW facts_hazards")]
