"""The sites beside the main one: units with several sites are found by them. Built beside the work."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("registry", "0005_pairs_by_a_loop")]
    operations = [
        AddIndexConcurrently(
            model_name="site",
            index=models.Index(
                condition=models.Q(("is_main", False)), fields=["region_path", "holder"], name="site_further"
            ),
        ),
    ]
