"""The list of a whole city goes along an order."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("alarms", "0001_initial")]

    operations = [
        AddIndexConcurrently(
            model_name="alarm", index=models.Index(fields=["-raised_at", "-id"], name="alarm_newest")
        ),
    ]
