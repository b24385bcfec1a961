import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("duties", "0002_what_the_tick_follows"),
        ("ledger", "0003_head"),
        ("subjects", "0002_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="bookmark",
            name="began_on",
            field=models.DateField(
                help_text="the day this installation began to ask for what falls due by the calendar", null=True
            ),
        ),
        migrations.AddField(
            model_name="duty",
            name="agreed",
            field=models.IntegerField(db_default=0, default=0, help_text="how many people said it was done"),
        ),
        migrations.AddField(
            model_name="duty",
            name="amendments",
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="duty",
            name="confirmer",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="subjects.organ",
            ),
        ),
        migrations.AddField(
            model_name="duty",
            name="disputed",
            field=models.IntegerField(db_default=0, default=0, help_text="how many people said it was not"),
        ),
        migrations.AddField(
            model_name="duty",
            name="first_due_on",
            field=models.DateField(help_text="the due date before any amendment, where there was one", null=True),
        ),
        migrations.AddField(
            model_name="duty",
            name="office",
            field=models.CharField(
                blank=True, db_default="", default="", help_text="the office answering within the debtor", max_length=60
            ),
        ),
        migrations.AddField(
            model_name="duty",
            name="official",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="code of the official who promised in person",
                max_length=64,
            ),
        ),
        migrations.AddField(
            model_name="duty",
            name="parent",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="milestones",
                to="duties.duty",
            ),
        ),
        migrations.AddField(
            model_name="duty",
            name="pauses",
            field=models.TextField(
                blank=True, db_default="", default="", help_text="JSON list of [first, last or nothing, why]"
            ),
        ),
        migrations.AddField(
            model_name="duty",
            name="stated_on",
            field=models.DateField(help_text="the day the fact names, or the last amendment", null=True),
        ),
        migrations.AddField(
            model_name="duty",
            name="submitted",
            field=models.ForeignKey(
                db_index=False,
                help_text="evidence that waits to be confirmed",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.entry",
            ),
        ),
        migrations.AddField(
            model_name="duty",
            name="submitted_on",
            field=models.DateField(null=True),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(
                condition=models.Q(("confirmer__isnull", False)), fields=["kind", "due_on", "id"], name="duty_promised"
            ),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(
                condition=models.Q(("submitted__isnull", False)),
                fields=["confirmer", "submitted_on"],
                name="duty_submitted",
            ),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(
                condition=models.Q(("parent__isnull", False)), fields=["parent"], name="duty_milestones"
            ),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(
                condition=models.Q(("office", ""), _negated=True), fields=["debtor", "office"], name="duty_of_office"
            ),
        ),
    ]
