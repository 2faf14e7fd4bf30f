"""How few hazards are dealt with outside their own place is told to the planner, which else takes it for nearly all."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

from anlan.kernel.scope import Elsewhere

# Name, and the place that may be another than the hazard's own.
AWAY = {"hazard_owned_away": "owner_path", "hazard_offered_away": "offered_path"}


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("hazards", "0013_placed_words")]

    operations = [
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
        RemoveIndexConcurrently(model_name="hazard", name="hazard_offered_elsewhere"),
    ]
