from django.db import migrations

from anlan.modules.registry.models.search import GRAMS_SQL


class Migration(migrations.Migration):
    """The same pairs, found faster; indexes made before stay as they are."""

    dependencies = [("registry", "0004_phone_endings")]

    operations = [migrations.RunSQL(GRAMS_SQL, migrations.RunSQL.noop)]
