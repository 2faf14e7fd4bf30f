from django.db import migrations, models

# The table of Django's own cache in the database (the same columns as ``createcachetable`` makes).
CACHE = """
CREATE TABLE limits_cache (cache_key varchar(255) NOT NULL PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX limits_cache_expires ON limits_cache (expires);
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("count", models.PositiveIntegerField()),
                ("until", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.RunSQL(CACHE, "DROP TABLE limits_cache"),
    ]
