"""The clause of a statutory list is kept by its place alone; the short title beside it was never the law's."""

from django.db import migrations

SHORTENED = "UPDATE hazards_hazard SET clause = split_part(clause, ' ', 1) WHERE clause_code <> '' AND clause LIKE '% %'"


class Migration(migrations.Migration):
    dependencies = [("hazards", "0005_initials")]

    operations = [migrations.RunSQL(SHORTENED, migrations.RunSQL.noop)]
