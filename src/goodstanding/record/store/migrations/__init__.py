"""How a record's tables came to be what they are: one revision for each change, run by Alembic."""
