"""Cells, differences, and both as one view. The two tables are no models: a moved region is followed by differences."""

import django.db.models.manager
from django.db import migrations, models

import anlan.kernel.scope

CREATE = """
CREATE TABLE tally_cell (
    what text NOT NULL, region_path varchar(64) COLLATE "C" NOT NULL, sector text NOT NULL, a text NOT NULL,
    b text NOT NULL, day date, at timestamptz, n bigint NOT NULL, also bigint NOT NULL, yuan numeric(20, 2) NOT NULL,
    CONSTRAINT tally_cell_once UNIQUE NULLS NOT DISTINCT (what, region_path, sector, a, b, day, at)
);
CREATE TABLE tally_delta (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    what text NOT NULL, region_path varchar(64) COLLATE "C" NOT NULL, sector text NOT NULL, a text NOT NULL,
    b text NOT NULL, day date, at timestamptz, n bigint NOT NULL, also bigint NOT NULL, yuan numeric(20, 2) NOT NULL
);
CREATE TABLE tally_state (what text PRIMARY KEY, at timestamptz NOT NULL, day date NOT NULL);
CREATE VIEW tally_now AS
SELECT 0::bigint AS id, what, region_path, sector, ''::varchar(40) AS holder, a, b, day, at, n, also, yuan
  FROM tally_cell
UNION ALL
SELECT 0::bigint, what, region_path, sector, ''::varchar(40), a, b, day, at, n, also, yuan FROM tally_delta;
"""
DROP = "DROP VIEW tally_now; DROP TABLE tally_cell, tally_delta, tally_state"


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(CREATE, DROP),
        migrations.CreateModel(
            name="Reconciliation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("differing", models.PositiveIntegerField(default=0)),
                ("sample", models.JSONField(default=list)),
            ],
            options={"ordering": ["-id"]},
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("region_path", anlan.kernel.scope.PathField(db_collation="C", editable=False, max_length=64)),
                ("sector", models.CharField(blank=True, default="", editable=False, max_length=32)),
                ("holder", models.CharField(blank=True, default="", editable=False, max_length=40)),
                ("what", models.CharField(max_length=40)),
                ("a", models.CharField(max_length=32)),
                ("b", models.CharField(max_length=32)),
                ("day", models.DateField(null=True)),
                ("at", models.DateTimeField(null=True)),
                ("n", models.BigIntegerField()),
                ("also", models.BigIntegerField()),
                ("yuan", models.DecimalField(decimal_places=2, max_digits=20)),
            ],
            options={
                "db_table": "tally_now",
                "abstract": False,
                "managed": False,
                "default_permissions": (),
                "base_manager_name": "plain",
            },
            managers=[("objects", django.db.models.manager.Manager()), ("plain", django.db.models.manager.Manager())],
        ),
    ]
