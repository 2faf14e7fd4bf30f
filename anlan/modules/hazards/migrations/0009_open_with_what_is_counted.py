"""The open ones by their day, with what visibility and the figures ask beside it: counted without reading the rows."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("hazards", "0008_public_list")]

    operations = [
        AddIndexConcurrently(
            model_name="hazard",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        (
                            "registered", "returned_report", "planning", "plan_review", "rectifying", "in_review",
                            "accepted", "withdrawal_proposed",
                        ),
                    )
                ),
                fields=["due_at", "id"],
                include=("region_path", "owner_path", "offered_path", "state", "sector", "grade"),
                name="hazard_open",
            ),
        ),
        RemoveIndexConcurrently(model_name="hazard", name="hazard_due"),
    ]  # fmt: skip
