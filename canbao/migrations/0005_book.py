"""Guards of the book: entries balance, arrive whole, and what is written is neither changed nor deleted."""

from django.db import migrations

APPEND_ONLY = (
    "charge_share", "entry", "ledger_posting", "receipt", "receipt_cancelled", "receipt_line", "tax_receipt",
)  # fmt: skip

BALANCE = """
CREATE FUNCTION refuse_imbalance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    crooked uuid;
BEGIN
    SELECT entry_id INTO crooked FROM written
    GROUP BY county, entry_id HAVING sum(side * amount_fen) <> 0 LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry % does not balance', crooked USING ERRCODE = 'check_violation';
    END IF;
    SELECT written.entry_id INTO crooked FROM written
    JOIN ledger_posting held ON held.county = written.county AND held.entry_id = written.entry_id
    WHERE NOT EXISTS (
        SELECT FROM written mine WHERE mine.county = held.county AND mine.id = held.id
    ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry % has postings already', crooked USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
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

    dependencies = (("canbao", "0004_payments"),)
    operations = (
        *(_guard(table) for table in APPEND_ONLY),
        migrations.RunSQL(BALANCE, "DROP FUNCTION refuse_imbalance()"),
        migrations.RunSQL(
            "CREATE TRIGGER balance AFTER INSERT ON ledger_posting REFERENCING NEW TABLE AS written "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_imbalance()",
            "DROP TRIGGER balance ON ledger_posting",
        ),
    )
