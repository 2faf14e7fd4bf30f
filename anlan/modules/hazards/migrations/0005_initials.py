"""Hazards on file are found by the pinyin initials of their site and unit, as those entered from now on are."""

from typing import ClassVar

from django.db import migrations

# The registry keeps full pinyin and, behind a space, the initials of every name. A name without a Chinese character
# is found as it is.
FIND = r"""
UPDATE hazards_hazard h
SET search_text = h.search_text || ' ' || f.said,
    words = ARRAY(
        SELECT unnest(h.words)
        UNION
        SELECT substr(f.said, i, 2) FROM generate_series(1, length(f.said) - 1) i
        WHERE substr(f.said, i, 2) ~ '^[0-9a-z]{2}$'
    )
FROM (
    SELECT s.id, concat_ws(' ', nullif(of_site, ''), nullif(CASE WHEN of_unit <> of_site THEN of_unit END, '')) AS said
    FROM registry_site s
    JOIN registry_unit u ON u.id = s.unit_id,
    LATERAL (
        SELECT CASE WHEN s.name ~ '[^ -~]' THEN lower(substring(s.pinyin, '[^ ]*$')) ELSE '' END AS of_site,
               CASE WHEN u.name ~ '[^ -~]' THEN lower(substring(u.pinyin, '[^ ]*$')) ELSE '' END AS of_unit
    ) p
) f
WHERE f.id = h.site_id AND f.said <> '';
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("hazards", "0004_pairs"), ("registry", "0004_phone_endings")]

    operations: ClassVar = [migrations.RunSQL(FIND, migrations.RunSQL.noop)]
