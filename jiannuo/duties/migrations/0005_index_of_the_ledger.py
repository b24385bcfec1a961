"""Duties are an index of the ledger, which loses no row: the database no longer looks up what each of them points at."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("duties", "0004_who_may_answer"),
        ("ledger", "0003_head"),
        ("subjects", "0002_append_only"),
    ]

    operations = [
        migrations.AlterField(
            model_name="duty",
            name="breach",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                help_text="the breach as the ledger has it",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.entry",
            ),
        ),
        migrations.AlterField(
            model_name="duty",
            name="confirmer",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="subjects.organ",
            ),
        ),
        migrations.AlterField(
            model_name="duty",
            name="debtor",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="subjects.organ",
            ),
        ),
        migrations.AlterField(
            model_name="duty",
            name="entry",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                help_text="the fact that opened it",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.entry",
            ),
        ),
        migrations.AlterField(
            model_name="duty",
            name="kept_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.entry",
            ),
        ),
        migrations.AlterField(
            model_name="duty",
            name="lifted_by",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.entry",
            ),
        ),
        migrations.AlterField(
            model_name="duty",
            name="parent",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="milestones",
                to="duties.duty",
            ),
        ),
        migrations.AlterField(
            model_name="duty",
            name="submitted",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                help_text="evidence that waits to be confirmed",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.entry",
            ),
        ),
    ]
