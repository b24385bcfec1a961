"""Rows of these tables are added and never changed; the database refuses."""

from django.db import migrations

from jiannuo.kernel.append_only import allow_changes, refuse_changes

TABLES = ["ledger_entry"]


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(refuse_changes(table), allow_changes(table)) for table in TABLES]
