import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("duties", "0001_initial"), ("ledger", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Bookmark",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("entry", models.BigIntegerField(default=0)),
                (
                    "pack",
                    models.CharField(
                        blank=True, help_text="the pack all due dates were last computed with", max_length=80
                    ),
                ),
            ],
        ),
        migrations.AddConstraint("bookmark", models.CheckConstraint(condition=Q(id=1), name="one_bookmark_of_duties")),
        migrations.RemoveIndex("duty", "duty_open"),
        migrations.AddField(
            "duty",
            "breach",
            models.ForeignKey(
                db_index=False,
                help_text="the breach as the ledger has it",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.entry",
            ),
        ),
        migrations.AddField(
            "duty",
            "breaches",
            models.IntegerField(
                db_default=0, default=0, help_text="how many times the ledger has spoken of its breach"
            ),
        ),
        migrations.AlterField(
            "duty",
            "entry",
            models.ForeignKey(
                db_index=False,
                help_text="the fact that opened it",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.entry",
            ),
        ),
        migrations.AddIndex(
            "duty",
            models.Index(fields=["due_on", "id"], name="duty_in_time", condition=Q(kept_on__lte=F("due_on"))),
        ),
        migrations.AddIndex(
            "duty",
            models.Index(
                fields=["due_on", "debtor", "kind", "kept_on", "lifted_on"],
                name="duty_late",
                condition=Q(kept_on__gt=F("due_on")),
            ),
        ),
        migrations.AddIndex(
            "duty",
            models.Index(
                fields=["due_on", "debtor", "kind", "kept_on", "lifted_on"],
                name="duty_unkept",
                condition=Q(kept_on=None),
            ),
        ),
        migrations.AddIndex(
            "duty",
            models.Index(fields=["id"], name="duty_late_unsaid", condition=Q(kept_on__gt=F("due_on"), breach=None)),
        ),
        migrations.AddIndex("duty", models.Index(fields=["id"], name="duty_broken", condition=Q(breach__isnull=False))),
        migrations.AddIndex(
            "duty", models.Index(fields=["id"], name="duty_provisional", condition=Q(provisional=True))
        ),
        migrations.AddIndex("heartbeat", models.Index(fields=["-ran_at"], name="heartbeat_last")),
        migrations.RunSQL(
            "INSERT INTO duties_bookmark (id, entry, pack) VALUES (1, 0, '')", "DELETE FROM duties_bookmark"
        ),
    ]
