"""The registers of a whole city by the day of their review: read along an order."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("risks", "0005_indexes")]

    operations = [
        AddIndexConcurrently(
            model_name="register", index=models.Index(fields=["review_due", "-id"], name="register_due")
        ),
    ]
