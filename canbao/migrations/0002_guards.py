"""Guards of append-only tables: what was written there is neither changed nor deleted."""

from django.db import migrations

APPEND_ONLY = ("audit", "case_check", "consent", "custody", "decision", "mark", "person_change")

FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def _guard(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        f"DROP TRIGGER append_only ON {table}",
    )


class Migration(migrations.Migration):
    """Only guards; nothing depends on triggers."""

    dependencies = (("canbao", "0001_initial"),)
    operations = (
        migrations.RunSQL(FUNCTION, "DROP FUNCTION refuse_change()"),
        *(_guard(table) for table in APPEND_ONLY),
    )
