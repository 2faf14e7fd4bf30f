"""The indexes by record without the key of the row: PostgreSQL then packs equal entries, a fifth of the size."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_answers")]

    operations = [
        migrations.RemoveIndex(model_name="entry", name="journal_subject"),
        migrations.RemoveIndex(model_name="steptaken", name="step_subject"),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["subject_type", "subject_id"], name="journal_subject"),
        ),
        migrations.AddIndex(
            model_name="steptaken",
            index=models.Index(fields=["subject_type", "subject_id"], name="step_subject"),
        ),
    ]
