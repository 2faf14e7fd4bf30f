"""The order "newest first" with what visibility asks beside it, so that the keys of a page are read off the index."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("hazards", "0006_clause_without_own_words"),
        ("registry", "0005_pairs_by_a_loop"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="hazard",
            index=models.Index(
                fields=["-found_on", "-id"], include=("region_path", "owner_path", "offered_path"), name="hazard_newest"
            ),
        ),
        RemoveIndexConcurrently(model_name="hazard", name="hazard_found"),
    ]
