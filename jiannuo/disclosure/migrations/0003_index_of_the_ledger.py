"""What is public and what waits are indexes of the ledger, which loses no row: nothing they point at is looked up again."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0002_search"),
        ("ledger", "0003_head"),
        ("subjects", "0002_append_only"),
    ]

    operations = [
        migrations.AlterField(
            model_name="listing",
            name="entry",
            field=models.OneToOneField(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.entry"
            ),
        ),
        migrations.AlterField(
            model_name="listing",
            name="organ",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="subjects.organ",
            ),
        ),
        migrations.AlterField(
            model_name="listing",
            name="publication",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.entry",
            ),
        ),
        migrations.AlterField(
            model_name="waiting",
            name="entry",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                primary_key=True,
                related_name="+",
                serialize=False,
                to="ledger.entry",
            ),
        ),
        migrations.AlterField(
            model_name="waiting",
            name="organ",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="subjects.organ",
            ),
        ),
    ]
