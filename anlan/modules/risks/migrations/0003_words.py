"""The words by which a risk point is found."""

from django.db import migrations

import anlan.modules.risks.models.points

# As ``services._entry.words_of`` writes them.
FILL = """
UPDATE risks_riskpoint p SET search_text = lower(normalize(
    concat_ws(E'\\n', p.number, p.name, NULLIF(p.place, ''), u.name, CASE WHEN s.name <> u.name THEN s.name END,
              NULLIF(u.uscc, ''), NULLIF(split_part(u.pinyin, ' ', 2), '')), NFKC))
FROM registry_site s JOIN registry_unit u ON u.id = s.unit_id WHERE s.id = p.site_id
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_pairs_by_a_loop"), ("risks", "0002_tallied")]
    operations = [
        migrations.AddField(
            model_name="riskpoint",
            name="search_text",
            field=anlan.modules.risks.models.points.PointWordsField(blank=True, default="", editable=False),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
