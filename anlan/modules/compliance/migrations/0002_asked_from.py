"""Each duty is asked from a day of its own."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """One field."""

    dependencies = [("compliance", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="workspace",
            name="asked_from",
            field=models.JSONField(default=dict, editable=False),
        ),
    ]
