"""What runs beside a hazard is seen by the office that owns it too: each way of seeing has its index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("hazards", "0010_dealt_with_elsewhere")]

    operations = [
        AddIndexConcurrently(
            model_name="transfer", index=models.Index(fields=["owner_path", "-id"], name="hazard_transfer_owner")
        ),
        AddIndexConcurrently(
            model_name="listing", index=models.Index(fields=["owner_path", "state", "due_on"], name="hazard_listing_owner")
        ),
        AddIndexConcurrently(
            model_name="instruction", index=models.Index(fields=["owner_path", "-id"], name="hazard_instruction_owner")
        ),
        AddIndexConcurrently(
            model_name="extension", index=models.Index(fields=["owner_path", "-id"], name="hazard_extension_owner")
        ),
    ]
