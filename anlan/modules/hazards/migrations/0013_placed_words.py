"""Beside the character pairs of a hazard, the regions it lies in: a word is found in a town by one look into the index."""

import django.contrib.postgres.fields
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

from anlan.kernel.scope import Below
from anlan.modules.hazards.models.search import FUNCTION, PLACED, PLACED_SQL


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("hazards", "0012_owned_elsewhere")]

    operations = [
        migrations.RunSQL(PLACED_SQL, f"DROP FUNCTION IF EXISTS {FUNCTION}(varchar[], varchar)"),
        AddIndexConcurrently(
            model_name="hazard",
            index=GinIndex(
                models.Func(
                    "words", "region_path", function=FUNCTION, template=PLACED,
                    output_field=django.contrib.postgres.fields.ArrayField(models.TextField()),
                ),
                name="hazard_placed_words",
            ),
        ),
        AddIndexConcurrently(
            model_name="hazard",
            index=models.Index(
                condition=models.Q(Below("region_path", "offered_path"), _negated=True),
                fields=["offered_path"],
                name="hazard_offered_elsewhere",
            ),
        ),
        RemoveIndexConcurrently(model_name="hazard", name="hazard_words"),
    ]  # fmt: skip
