"""Which office issued a warning; of those issued before, whoever may issue one there withdraws it."""

from django.db import migrations

import anlan.kernel.scope


class Migration(migrations.Migration):
    dependencies = [("warning", "0001_initial")]
    operations = [
        migrations.AddField(
            model_name="earlywarning",
            name="issued_path",
            field=anlan.kernel.scope.PathField(
                blank=True, db_collation="C", db_default="", default="", editable=False, max_length=64
            ),
        ),
    ]
