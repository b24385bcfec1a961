"""The one row that orders entries."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_append_only")]
    operations = [
        migrations.RunSQL("INSERT INTO ledger_head (id, entry) VALUES (1, 0)", "DELETE FROM ledger_head"),
    ]
