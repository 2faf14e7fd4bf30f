"""The transport permit or filing of a precursor of drugs, and what is found where it is lacking."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chemicals", "0004_precursors")]
    operations = [
        migrations.AddField(
            model_name="consignment",
            name="transport_no",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=60, verbose_name="Transport permit or filing"
            ),
        ),
        migrations.AddField(
            model_name="consignment",
            name="transport_until",
            field=models.DateField(blank=True, null=True, verbose_name="Transport permit valid until"),
        ),
        migrations.AlterField(
            model_name="finding",
            name="kind",
            field=models.CharField(
                choices=[
                    ("open_balance", "Open balance"),
                    ("mismatch", "Sent and received differ"),
                    ("over_limit", "Above the storage limit"),
                    ("over_place", "Above what the place is built for"),
                    ("together", "Kept together that should not be"),
                    ("ledger", "Stock differs from its movements"),
                    ("no_paper", "Bought without permit or filing"),
                    ("no_pass", "Sent without transport permit or filing"),
                ],
                max_length=12,
                verbose_name="Kind",
            ),
        ),
    ]
