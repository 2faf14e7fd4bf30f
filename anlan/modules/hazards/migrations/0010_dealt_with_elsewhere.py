"""The few that are dealt with elsewhere than where they lie: what visibility asks beside the place."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("hazards", "0009_open_with_what_is_counted")]

    operations = [
        AddIndexConcurrently(
            model_name="hazard",
            index=models.Index(
                condition=models.Q(("owner_path", models.F("region_path")), _negated=True),
                fields=["owner_path"],
                name="hazard_elsewhere",
            ),
        ),
    ]
