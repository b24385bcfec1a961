from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    initial = True

    dependencies = [("ledger", "0002_append_only")]

    operations = [
        migrations.CreateModel(
            name="Bookmark",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("entry", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=Q(id=1), name="one_bookmark_of_measures")],
            },
        ),
    ]
