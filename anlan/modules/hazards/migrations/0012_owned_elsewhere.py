"""Those whose owner is not above the place they lie in: all that visibility asks of owners beside the place."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

from anlan.kernel.scope import Below


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("hazards", "0011_owners_of_companions")]

    operations = [
        AddIndexConcurrently(
            model_name="hazard",
            index=models.Index(
                condition=models.Q(Below("region_path", "owner_path"), _negated=True),
                fields=["owner_path"],
                name="hazard_owned_elsewhere",
            ),
        ),
        RemoveIndexConcurrently(model_name="hazard", name="hazard_elsewhere"),
    ]
