"""Rows of these tables are added and never changed; the database refuses."""

from django.db import migrations

from jiannuo.kernel.append_only import allow_changes, refuse_changes

TABLES = ["access_trace"]


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]
    operations = [migrations.RunPython(refuse_changes(table), allow_changes(table)) for table in TABLES]
