"""The terms of search: FTS5 beside the table, or a GIN column of it."""

from typing import Any

from django.db import migrations

# Every ASCII sign belongs to a term (文号 and codes are full of them); above ASCII the tokenizer splits nothing.
SIGNS = "".join(chr(code) for code in range(0x21, 0x7F) if not chr(code).isalnum())
TOKENIZER = "ascii tokenchars '" + SIGNS.replace("'", "''") + "'"

CREATE = {
    "sqlite": [
        "CREATE VIRTUAL TABLE disclosure_terms USING fts5("
        "terms, content='', columnsize=0, detail=none, tokenize=\"" + TOKENIZER.replace('"', '""') + '")',
    ],
    "postgresql": [
        "ALTER TABLE disclosure_listing ADD COLUMN terms tsvector",
        "CREATE INDEX listing_terms ON disclosure_listing USING gin (terms) WITH (gin_pending_list_limit = 512)",
    ],
}
REMOVE = {
    "sqlite": ["DROP TABLE disclosure_terms"],
    "postgresql": ["ALTER TABLE disclosure_listing DROP COLUMN terms"],
}


def create_terms(_apps: Any, schema_editor: Any) -> None:
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def remove_terms(_apps: Any, schema_editor: Any) -> None:
    for statement in REMOVE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("disclosure", "0001_initial")]
    operations = [migrations.RunPython(create_terms, remove_terms)]
