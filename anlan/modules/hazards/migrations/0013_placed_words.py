"""A word is found in a town, or in what is new in a county, by one look: beside the character pairs of a hazard, in one
index, stand the regions it lies in and its month. And how few hazards are dealt with outside their own place is told to
the planner, which else takes it for nearly all.
"""

import django.contrib.postgres.fields
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

from anlan.kernel.scope import Elsewhere
from anlan.modules.hazards.models.search import FUNCTION, PLACED, PLACED_SQL

# Name, and the place that may be another than the hazard's own.
AWAY = {"hazard_owned_away": "owner_path", "hazard_offered_away": "offered_path"}


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("hazards", "0012_owned_elsewhere")]

    operations = [
        migrations.RunSQL(PLACED_SQL, f"DROP FUNCTION IF EXISTS {FUNCTION}(varchar[], date, varchar)"),
        AddIndexConcurrently(
            model_name="hazard",
            index=GinIndex(
                models.Func(
                    "words", "found_on", "region_path", function=FUNCTION, template=PLACED,
                    output_field=django.contrib.postgres.fields.ArrayField(models.TextField()),
                ),
                name="hazard_placed_words",
            ),
        ),
        RemoveIndexConcurrently(model_name="hazard", name="hazard_words"),
        *(
            migrations.RunSQL(
                f"CREATE STATISTICS IF NOT EXISTS {name} ON (starts_with(region_path, {path})) FROM hazards_hazard",
                f"DROP STATISTICS IF EXISTS {name}",
            )
            for name, path in AWAY.items()
        ),
        migrations.RunSQL("ANALYZE hazards_hazard", migrations.RunSQL.noop),
        *(
            AddIndexConcurrently(
                model_name="hazard",
                index=models.Index(fields=[path], condition=models.Q(Elsewhere("region_path", path)), name=name),
            )
            for name, path in AWAY.items()
        ),
        RemoveIndexConcurrently(model_name="hazard", name="hazard_owned_elsewhere"),
    ]  # fmt: skip
