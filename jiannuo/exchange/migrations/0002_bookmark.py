import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial"), ("ledger", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Bookmark",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("entry", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.AddConstraint(
            "bookmark", models.CheckConstraint(condition=Q(id=1), name="one_bookmark_of_exchange")
        ),
        migrations.RemoveIndex("delivery", "delivery_to_do"),
        migrations.AlterField(
            "delivery",
            "entry",
            models.ForeignKey(
                db_index=False,
                help_text="the publication or withdrawal",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="ledger.entry",
            ),
        ),
        migrations.AlterField(
            "delivery",
            "state",
            models.CharField(default="waiting", help_text="waiting, delivered, failed, overtaken", max_length=10),
        ),
        migrations.AlterField("delivery", "attempts", models.IntegerField(db_default=0, default=0)),
        migrations.AlterField(
            "delivery",
            "receipt",
            models.TextField(blank=True, db_default="", help_text="what the site answered"),
        ),
        migrations.AlterField(
            "delivery",
            "trouble",
            models.TextField(blank=True, db_default="", help_text="why the last attempt failed"),
        ),
        migrations.AddIndex(
            "delivery",
            models.Index(fields=["site", "next_at", "id"], name="delivery_waiting", condition=Q(state="waiting")),
        ),
        migrations.AddIndex("delivery", models.Index(fields=["site", "state", "id"], name="delivery_of_site")),
        migrations.RunSQL("INSERT INTO exchange_bookmark (id, entry) VALUES (1, 0)", "DELETE FROM exchange_bookmark"),
    ]
