"""The character pairs by which a risk point is found, and the newest changes of colour first: built beside the work."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("risks", "0004_rolled_up")]
    operations = [
        AddIndexConcurrently(
            model_name="riskpoint",
            index=django.contrib.postgres.indexes.GinIndex(
                models.Func(
                    "search_text", function="registry_grams",
                    output_field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None),
                ),
                name="riskpoint_words",
            ),
        ),
        AddIndexConcurrently(
            model_name="colourchange", index=models.Index(fields=["-on", "-id"], name="colourchange_on")
        ),
    ]
