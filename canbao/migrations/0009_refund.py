import canbao.kernel.ids
import canbao.kernel.tenant
import django.db.models.deletion
from django.db import migrations, models


APPEND_ONLY = ("payout",)


def _guard(table):
    return migrations.RunSQL(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        f"DROP TRIGGER append_only ON {table}",
    )


class Migration(migrations.Migration):

    dependencies = [
        ('canbao', '0008_season'),
    ]

    operations = [
        migrations.CreateModel(
            name='RefundAsk',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('subject_id', models.UUIDField()),
                ('insurance', models.CharField(max_length=3)),
                ('reason', models.CharField(max_length=20)),
                ('amount_fen', models.BigIntegerField()),
                ('difference', models.BooleanField(default=False)),
                ('holder', models.CharField(max_length=60)),
                ('bank', models.CharField(max_length=80)),
                ('account_sealed', models.TextField()),
                ('masked', models.CharField(max_length=40)),
                ('account_by', models.UUIDField()),
                ('is_open', models.BooleanField(default=True)),
                ('at', models.DateTimeField()),
                ('receipt_line', canbao.kernel.tenant.TenantForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.receiptline')),
                ('refund', canbao.kernel.tenant.TenantForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.refunddue')),
            ],
            options={
                'db_table': 'refund_ask',
                'constraints': [models.UniqueConstraint(fields=('county', 'subject_id'), name='refund_ask_once'), models.UniqueConstraint(condition=models.Q(('is_open', True), ('refund__isnull', False)), fields=('county', 'refund'), name='refund_ask_open'), models.UniqueConstraint(condition=models.Q(('is_open', True), ('refund__isnull', True)), fields=('county', 'receipt_line'), name='refund_ask_line'), models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='refund_ask_amount')],
            },
        ),
        migrations.CreateModel(
            name='Payout',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('result', models.CharField(max_length=8)),
                ('amount_fen', models.BigIntegerField()),
                ('holder', models.CharField(max_length=60)),
                ('masked', models.CharField(max_length=40)),
                ('reason', models.CharField(default='', max_length=200)),
                ('entry_id', models.UUIDField(null=True)),
                ('by_id', models.UUIDField()),
                ('by_name', models.CharField(max_length=60)),
                ('done_on', models.DateField()),
                ('at', models.DateTimeField()),
                ('ask', canbao.kernel.tenant.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.refundask')),
                ('refund', canbao.kernel.tenant.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.refunddue')),
                ('takes_back', canbao.kernel.tenant.TenantForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.payout')),
            ],
            options={
                'db_table': 'payout',
                'constraints': [models.UniqueConstraint(condition=models.Q(('result', 'paid'), ('takes_back__isnull', True)), fields=('county', 'ask'), name='refund_paid_once'), models.UniqueConstraint(condition=models.Q(('takes_back__isnull', False)), fields=('county', 'takes_back'), name='payout_taken_back_once'), models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='payout_amount')],
            },
        ),
        migrations.CreateModel(
            name='WriteOff',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('reason', models.CharField(max_length=200)),
                ('proposed_by', models.UUIDField()),
                ('proposed_by_name', models.CharField(max_length=60)),
                ('proposed_at', models.DateTimeField()),
                ('verdict', models.CharField(default='', max_length=12)),
                ('decided_by', models.UUIDField(null=True)),
                ('decided_by_name', models.CharField(default='', max_length=60)),
                ('decided_at', models.DateTimeField(null=True)),
                ('entry_id', models.UUIDField(null=True)),
                ('refund', canbao.kernel.tenant.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.refunddue')),
            ],
            options={
                'db_table': 'write_off',
                'constraints': [models.UniqueConstraint(condition=models.Q(('verdict', '')), fields=('county', 'refund'), name='write_off_open')],
            },
        ),
        *(_guard(table) for table in APPEND_ONLY),
    ]
