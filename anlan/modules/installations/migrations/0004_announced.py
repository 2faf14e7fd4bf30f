"""Whether it was told that something is lacking; what has a hazard was."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("installations", "0003_hazards")]
    operations = [
        migrations.AddField(
            model_name="provision",
            name="announced",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
    ]
