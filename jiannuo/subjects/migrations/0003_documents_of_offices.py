"""SQLite makes the table anew to add a column, so the triggers are taken off before and put on after."""

from django.db import migrations, models

from jiannuo.kernel.append_only import allow_changes, refuse_changes

TABLE = "subjects_officespell"


class Migration(migrations.Migration):
    dependencies = [
        ("subjects", "0002_append_only"),
    ]

    operations = [
        migrations.RunPython(allow_changes(TABLE), refuse_changes(TABLE)),
        migrations.AddField(
            model_name="officespell",
            name="document",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="number of the document that appointed",
                max_length=200,
            ),
        ),
        migrations.AddField(
            model_name="officespell",
            name="end_document",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="number of the document that relieved",
                max_length=200,
            ),
        ),
        migrations.RunPython(refuse_changes(TABLE), allow_changes(TABLE)),
    ]
