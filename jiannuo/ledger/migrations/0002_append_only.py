"""Entries are added and never changed; the database refuses. Beside them the one row that orders them."""

from django.db import migrations

from jiannuo.kernel.append_only import allow_changes, refuse_changes


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [
        migrations.RunPython(refuse_changes("ledger_entry"), allow_changes("ledger_entry")),
        migrations.RunSQL("INSERT INTO ledger_head (id, entry) VALUES (1, 0)", "DELETE FROM ledger_head"),
    ]
