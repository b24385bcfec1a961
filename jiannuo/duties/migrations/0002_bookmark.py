"""The one row that says how far duties have followed the ledger."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("duties", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "INSERT INTO duties_bookmark (id, entry, pack) VALUES (1, 0, '')", "DELETE FROM duties_bookmark"
        ),
    ]
