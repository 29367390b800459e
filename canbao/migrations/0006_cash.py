"""The chain of custody: closed days, hand-overs, deposits, bank lines, finance's days, and prints of receipts.

What was counted, signed, paid in or entered is not changed afterwards; only its answer is added once.
"""

import canbao.kernel.ids
import canbao.kernel.tenant
import datetime
import django.db.models.deletion
from django.db import migrations, models


APPEND_ONLY = ("bank_unmatched", "receipt_print")
FROZEN = {
    "bank_account": "office_id, insurance, holder, bank, number, by_id, at",
    "bank_line": "account_id, reference, booked_on, amount_fen, text, entered_by, entered_by_name, entered_at",
    "cash_day": "collector_id, insurance, day, receipts, cancelled, oldest_on, expected_fen, counted_fen, notes, reason, entry_id, closed_at",
    "deposit": "account_id, insurance, office_id, slip_number, paid_in_on, amount_fen, booked_on, by_id, at, entry_id",
    "finance_day": "office_id, insurance, day, after_on, number, totals, totals_sha256, token, closed_by, closed_at",
    "handover": "number, collector_id, office_id, insurance, amount_fen, oldest_on, token, offered_on, offered_at",
}

# A closed day takes no more cash, whichever way it comes.
DAY_OPEN = """
CREATE FUNCTION refuse_closed_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM written JOIN cash_day closed
            ON closed.county = written.county AND closed.collector_id = written.collector_id
            AND closed.insurance = written.insurance AND closed.day >= written.booked_on
        WHERE written.channel = 'cash'
    ) OR EXISTS (
        SELECT FROM written JOIN finance_day closed
            ON closed.county = written.county AND closed.insurance = written.insurance
            AND closed.day >= written.booked_on
        WHERE written.channel = 'cash'
    ) THEN
        RAISE EXCEPTION 'the day is closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'receipt_day_open';
    END IF;
    RETURN NULL;
END $$
"""


def _guards():
    yield migrations.RunSQL(DAY_OPEN, "DROP FUNCTION refuse_closed_day()")
    yield migrations.RunSQL(
        "CREATE TRIGGER day_open AFTER INSERT ON receipt REFERENCING NEW TABLE AS written "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_day()",
        "DROP TRIGGER day_open ON receipt",
    )
    for table in APPEND_ONLY:
        yield migrations.RunSQL(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
            f"DROP TRIGGER append_only ON {table}",
        )
    for table, columns in FROZEN.items():
        yield migrations.RunSQL(
            f"CREATE TRIGGER frozen BEFORE UPDATE OF {columns} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
            f"DROP TRIGGER frozen ON {table}",
        )
        yield migrations.RunSQL(
            f"CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
            f"DROP TRIGGER kept ON {table}",
        )


class Migration(migrations.Migration):

    dependencies = [
        ('canbao', '0005_book'),
    ]

    operations = [
        migrations.CreateModel(
            name='BankAccount',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('office_id', models.UUIDField()),
                ('insurance', models.CharField(max_length=3)),
                ('holder', models.CharField(max_length=80)),
                ('bank', models.CharField(max_length=80)),
                ('number', models.CharField(max_length=40)),
                ('by_id', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('closed_on', models.DateField(null=True)),
            ],
            options={
                'db_table': 'bank_account',
            },
        ),
        migrations.CreateModel(
            name='BankLine',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('reference', models.CharField(max_length=40)),
                ('booked_on', models.DateField()),
                ('amount_fen', models.BigIntegerField()),
                ('text', models.CharField(default='', max_length=120)),
                ('entered_by', models.UUIDField()),
                ('entered_by_name', models.CharField(max_length=60)),
                ('entered_at', models.DateTimeField()),
                ('matched_kind', models.CharField(default='', max_length=20)),
                ('matched_id', models.UUIDField(null=True)),
                ('matched_on', models.DateField(null=True)),
                ('matched_by', models.UUIDField(null=True)),
                ('matched_by_name', models.CharField(default='', max_length=60)),
                ('entry_id', models.UUIDField(null=True)),
            ],
            options={
                'db_table': 'bank_line',
            },
        ),
        migrations.CreateModel(
            name='Unmatched',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('matched_kind', models.CharField(max_length=20)),
                ('matched_id', models.UUIDField()),
                ('matched_on', models.DateField()),
                ('matched_by', models.UUIDField()),
                ('matched_by_name', models.CharField(max_length=60)),
                ('reason', models.CharField(max_length=200)),
                ('entry_id', models.UUIDField(null=True)),
                ('undone_on', models.DateField()),
                ('by_id', models.UUIDField()),
                ('by_name', models.CharField(max_length=60)),
                ('at', models.DateTimeField()),
                ('line', canbao.kernel.tenant.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.bankline')),
            ],
            options={
                'db_table': 'bank_unmatched',
                'indexes': [models.Index(fields=['county', 'undone_on'], name='bank_unmatched_day')],
            },
        ),
        migrations.CreateModel(
            name='CashDay',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('collector_id', models.UUIDField()),
                ('collector_name', models.CharField(max_length=60)),
                ('office_id', models.UUIDField(null=True)),
                ('office_name', models.CharField(default='', max_length=80)),
                ('insurance', models.CharField(max_length=3)),
                ('day', models.DateField()),
                ('receipts', models.IntegerField()),
                ('cancelled', models.IntegerField()),
                ('oldest_on', models.DateField()),
                ('expected_fen', models.BigIntegerField()),
                ('counted_fen', models.BigIntegerField()),
                ('notes', models.TextField()),
                ('reason', models.CharField(default='', max_length=200)),
                ('entry_id', models.UUIDField(null=True)),
                ('closed_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'cash_day',
            },
        ),
        migrations.CreateModel(
            name='Deposit',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('insurance', models.CharField(max_length=3)),
                ('office_id', models.UUIDField()),
                ('office_name', models.CharField(max_length=80)),
                ('slip_number', models.CharField(max_length=40)),
                ('paid_in_on', models.DateField()),
                ('amount_fen', models.BigIntegerField()),
                ('booked_on', models.DateField()),
                ('by_id', models.UUIDField()),
                ('by_name', models.CharField(max_length=60)),
                ('at', models.DateTimeField()),
                ('entry_id', models.UUIDField()),
                ('banked_on', models.DateField(null=True)),
            ],
            options={
                'db_table': 'deposit',
            },
        ),
        migrations.CreateModel(
            name='FinanceDay',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('office_id', models.UUIDField()),
                ('office_name', models.CharField(max_length=80)),
                ('insurance', models.CharField(max_length=3)),
                ('day', models.DateField()),
                ('after_on', models.DateField(null=True)),
                ('number', models.CharField(max_length=40)),
                ('totals', models.TextField()),
                ('totals_sha256', models.CharField(max_length=64)),
                ('token', models.CharField(max_length=32)),
                ('closed_by', models.UUIDField()),
                ('closed_by_name', models.CharField(max_length=60)),
                ('closed_at', models.DateTimeField()),
                ('confirmed_by', models.UUIDField(null=True)),
                ('confirmed_by_name', models.CharField(default='', max_length=60)),
                ('confirmed_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'finance_day',
            },
        ),
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('number', models.CharField(max_length=40)),
                ('collector_id', models.UUIDField()),
                ('collector_name', models.CharField(max_length=60)),
                ('from_office_name', models.CharField(max_length=80)),
                ('office_id', models.UUIDField()),
                ('office_name', models.CharField(max_length=80)),
                ('insurance', models.CharField(max_length=3)),
                ('amount_fen', models.BigIntegerField()),
                ('oldest_on', models.DateField()),
                ('token', models.CharField(max_length=32)),
                ('offered_on', models.DateField()),
                ('offered_at', models.DateTimeField()),
                ('state', models.CharField(default='offered', max_length=10)),
                ('answered_by', models.UUIDField(null=True)),
                ('answered_by_name', models.CharField(default='', max_length=60)),
                ('answered_on', models.DateField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(default='', max_length=200)),
                ('entry_id', models.UUIDField(null=True)),
            ],
            options={
                'db_table': 'handover',
            },
        ),
        migrations.CreateModel(
            name='ReceiptPrint',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('number', models.IntegerField()),
                ('by_id', models.UUIDField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'receipt_print',
            },
        ),
        migrations.RemoveIndex(
            model_name='receipt',
            name='receipt_collector',
        ),
        migrations.AddField(
            model_name='receipt',
            name='booked_on',
            field=models.DateField(default=datetime.date(2026, 1, 1)),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name='receipt',
            index=models.Index(fields=['county', 'collector_id', 'booked_on'], name='receipt_collector'),
        ),
        migrations.AddConstraint(
            model_name='bankaccount',
            constraint=models.UniqueConstraint(fields=('county', 'number'), name='bank_account_number'),
        ),
        migrations.AddField(
            model_name='bankline',
            name='account',
            field=canbao.kernel.tenant.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.bankaccount'),
        ),
        migrations.AddField(
            model_name='deposit',
            name='account',
            field=canbao.kernel.tenant.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.bankaccount'),
        ),
        migrations.AddConstraint(
            model_name='financeday',
            constraint=models.UniqueConstraint(fields=('county', 'insurance', 'day'), name='finance_day_once'),
        ),
        migrations.AddConstraint(
            model_name='financeday',
            constraint=models.UniqueConstraint(fields=('county', 'number'), name='finance_day_number'),
        ),
        migrations.AddConstraint(
            model_name='financeday',
            constraint=models.UniqueConstraint(fields=('county', 'token'), name='finance_day_token'),
        ),
        migrations.AddIndex(
            model_name='handover',
            index=models.Index(fields=['county', 'office_id', 'state'], name='handover_office'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.UniqueConstraint(fields=('county', 'number'), name='handover_number'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.UniqueConstraint(fields=('county', 'token'), name='handover_token'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='handover_amount'),
        ),
        migrations.AddField(
            model_name='cashday',
            name='handover',
            field=canbao.kernel.tenant.TenantForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.handover'),
        ),
        migrations.AddField(
            model_name='receiptprint',
            name='receipt',
            field=canbao.kernel.tenant.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.receipt'),
        ),
        migrations.AddIndex(
            model_name='bankline',
            index=models.Index(fields=['county', 'booked_on'], name='bank_line_day'),
        ),
        migrations.AddConstraint(
            model_name='bankline',
            constraint=models.UniqueConstraint(fields=('county', 'account', 'reference'), name='bank_line_once'),
        ),
        migrations.AddConstraint(
            model_name='bankline',
            constraint=models.UniqueConstraint(condition=models.Q(('matched_id__isnull', False)), fields=('county', 'matched_kind', 'matched_id'), name='bank_line_matched_once'),
        ),
        migrations.AddConstraint(
            model_name='bankline',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen', 0), _negated=True), name='bank_line_amount'),
        ),
        migrations.AddIndex(
            model_name='deposit',
            index=models.Index(fields=['county', 'office_id', 'booked_on'], name='deposit_office'),
        ),
        migrations.AddConstraint(
            model_name='deposit',
            constraint=models.UniqueConstraint(fields=('county', 'account', 'slip_number'), name='deposit_slip_once'),
        ),
        migrations.AddConstraint(
            model_name='deposit',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='deposit_amount'),
        ),
        migrations.AddConstraint(
            model_name='cashday',
            constraint=models.UniqueConstraint(fields=('county', 'collector_id', 'insurance', 'day'), name='cash_day_once'),
        ),
        migrations.AddConstraint(
            model_name='cashday',
            constraint=models.CheckConstraint(condition=models.Q(('counted_fen__gte', 0)), name='cash_day_counted'),
        ),
        migrations.AddConstraint(
            model_name='cashday',
            constraint=models.CheckConstraint(condition=models.Q(('counted_fen', models.F('expected_fen')), models.Q(('reason', ''), _negated=True), _connector='OR'), name='cash_day_difference_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='receiptprint',
            constraint=models.UniqueConstraint(fields=('county', 'receipt', 'number'), name='receipt_print_number'),
        ),
        *_guards(),
    ]
