"""The one row that says how far the exchange has followed the ledger."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial")]
    operations = [
        migrations.RunSQL("INSERT INTO exchange_bookmark (id, entry) VALUES (1, 0)", "DELETE FROM exchange_bookmark"),
    ]
