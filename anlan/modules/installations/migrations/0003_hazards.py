"""The hazard that was opened for what is lacking."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("hazards", "0009_open_with_what_is_counted"), ("installations", "0002_filings")]
    operations = [
        migrations.AddField(
            model_name="provision",
            name="hazard",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="hazards.hazard"
            ),
        ),
    ]
