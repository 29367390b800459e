import canbao.kernel.ids
import canbao.kernel.tenant
import django.contrib.postgres.constraints
import django.db.models.deletion
import uuid
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('canbao', '0003_room_for_updates'),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name='Block',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('label', models.CharField(max_length=40)),
                ('kind', models.CharField(max_length=16)),
                ('issuer_office_id', models.UUIDField()),
                ('issuer_name', models.CharField(max_length=80)),
                ('seal_id', models.UUIDField(null=True)),
                ('first', models.BigIntegerField()),
                ('last', models.BigIntegerField()),
                ('next', models.BigIntegerField()),
                ('holder_id', models.UUIDField()),
                ('holder_name', models.CharField(max_length=60)),
                ('issued_by', models.UUIDField()),
                ('issued_at', models.DateTimeField()),
                ('returned_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'receipt_block',
                'indexes': [models.Index(fields=['county', 'holder_id'], name='block_holder')],
                'constraints': [models.UniqueConstraint(fields=('county', 'label'), name='block_label'), models.CheckConstraint(condition=models.Q(('first__gte', 1), ('last__gte', models.F('first')), ('next__gte', models.F('first'))), name='block_whole'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('county', '='), ('kind', '='), (models.Func('first', 'last', models.Value('[]'), function='int8range'), '&&')], name='block_numbers')],
            },
        ),
        migrations.CreateModel(
            name='Charge',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('insurance', models.CharField(max_length=3)),
                ('year', models.SmallIntegerField()),
                ('level', models.CharField(max_length=20)),
                ('village', models.CharField(max_length=12)),
                ('household_number', models.CharField(default='', max_length=40)),
                ('revision', models.SmallIntegerField(default=1)),
                ('own_fen', models.BigIntegerField()),
                ('paid_fen', models.BigIntegerField(default=0)),
                ('state', models.CharField(default='open', max_length=10)),
                ('pack_sha256', models.CharField(max_length=64)),
                ('trace_sha256', models.CharField(max_length=64)),
                ('made_by', models.CharField(max_length=10)),
                ('made_at', models.DateTimeField()),
                ('settled_on', models.DateField(null=True)),
                ('person', canbao.kernel.tenant.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.person')),
            ],
            options={
                'db_table': 'charge',
            },
        ),
        migrations.CreateModel(
            name='PriceTrace',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('sha256', models.CharField(max_length=64)),
                ('text', models.TextField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'price_trace',
                'constraints': [models.UniqueConstraint(fields=('county', 'sha256'), name='price_trace_once')],
            },
        ),
        migrations.CreateModel(
            name='ChargeShare',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('revision', models.SmallIntegerField()),
                ('payer', models.CharField(max_length=20)),
                ('kind', models.CharField(max_length=12)),
                ('sub_ledger', models.CharField(max_length=20)),
                ('amount_fen', models.BigIntegerField()),
                ('evidence', models.CharField(default='', max_length=120)),
                ('charge', canbao.kernel.tenant.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.charge')),
            ],
            options={
                'db_table': 'charge_share',
            },
        ),
        migrations.CreateModel(
            name='Cover',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('year', models.SmallIntegerField()),
                ('from_on', models.DateField()),
                ('to_on', models.DateField()),
                ('why', models.TextField()),
                ('at', models.DateTimeField()),
                ('void_at', models.DateTimeField(null=True)),
                ('enrolment', canbao.kernel.tenant.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.enrolment')),
            ],
            options={
                'db_table': 'cover',
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('kind', models.CharField(max_length=30)),
                ('office_id', models.UUIDField(null=True)),
                ('effective_on', models.DateField()),
                ('booked_at', models.DateTimeField()),
                ('reverses', models.UUIDField(null=True)),
                ('by_id', models.UUIDField()),
            ],
            options={
                'db_table': 'entry',
                'constraints': [models.UniqueConstraint(condition=models.Q(('reverses__isnull', False)), fields=('county', 'reverses'), name='entry_reversed_once')],
            },
        ),
        migrations.CreateModel(
            name='LedgerPosting',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('account', models.CharField(max_length=60)),
                ('insurance', models.CharField(max_length=3)),
                ('side', models.SmallIntegerField()),
                ('amount_fen', models.BigIntegerField()),
                ('sub_ledger', models.CharField(default='', max_length=20)),
                ('person_id', models.UUIDField(null=True)),
                ('year', models.SmallIntegerField(null=True)),
                ('receipt_id', models.UUIDField(null=True)),
                ('channel', models.CharField(default='', max_length=12)),
                ('effective_on', models.DateField()),
                ('entry', canbao.kernel.tenant.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.entry')),
            ],
            options={
                'db_table': 'ledger_posting',
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('number', models.BigIntegerField()),
                ('kind', models.CharField(max_length=10)),
                ('channel', models.CharField(max_length=12)),
                ('insurance', models.CharField(max_length=3)),
                ('payer_name', models.CharField(max_length=60)),
                ('village', models.CharField(max_length=12)),
                ('household_number', models.CharField(default='', max_length=40)),
                ('amount_fen', models.BigIntegerField()),
                ('given_fen', models.BigIntegerField(default=0)),
                ('paid_on', models.DateField()),
                ('collector_id', models.UUIDField()),
                ('collector_name', models.CharField(max_length=60)),
                ('office_id', models.UUIDField(null=True)),
                ('office_name', models.CharField(default='', max_length=80)),
                ('from_paper', models.BooleanField(default=False)),
                ('entry_id', models.UUIDField()),
                ('token', models.CharField(max_length=32)),
                ('recorded_by', models.UUIDField()),
                ('recorded_at', models.DateTimeField()),
                ('block', canbao.kernel.tenant.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.block')),
            ],
            options={
                'db_table': 'receipt',
            },
        ),
        migrations.CreateModel(
            name='PayerAnswer',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('right', models.BooleanField()),
                ('how', models.CharField(max_length=12)),
                ('note', models.CharField(default='', max_length=200)),
                ('by_id', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('finding', models.CharField(default='', max_length=200)),
                ('closed_by', models.UUIDField(null=True)),
                ('closed_by_name', models.CharField(default='', max_length=60)),
                ('closed_at', models.DateTimeField(null=True)),
                ('receipt', canbao.kernel.tenant.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.receipt')),
            ],
            options={
                'db_table': 'payer_answer',
            },
        ),
        migrations.CreateModel(
            name='Cancelled',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('number', models.BigIntegerField()),
                ('why', models.CharField(max_length=12)),
                ('reason', models.CharField(max_length=200)),
                ('entry_id', models.UUIDField(null=True)),
                ('by_id', models.UUIDField()),
                ('by_name', models.CharField(max_length=60)),
                ('cancelled_on', models.DateField()),
                ('at', models.DateTimeField()),
                ('block', canbao.kernel.tenant.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.block')),
                ('receipt', canbao.kernel.tenant.TenantForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.receipt')),
            ],
            options={
                'db_table': 'receipt_cancelled',
            },
        ),
        migrations.CreateModel(
            name='ReceiptLine',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('subject_id', models.UUIDField(default=uuid.UUID('00000000-0000-0000-0000-000000000000'))),
                ('year', models.SmallIntegerField()),
                ('level', models.CharField(max_length=20)),
                ('due_fen', models.BigIntegerField()),
                ('others_fen', models.BigIntegerField(default=0)),
                ('amount_fen', models.BigIntegerField()),
                ('charge', canbao.kernel.tenant.TenantForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.charge')),
                ('person', canbao.kernel.tenant.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.person')),
                ('receipt', canbao.kernel.tenant.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.receipt')),
            ],
            options={
                'db_table': 'receipt_line',
            },
        ),
        migrations.CreateModel(
            name='TaxReceipt',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('number', models.CharField(max_length=40)),
                ('by_id', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('receipt', canbao.kernel.tenant.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.receipt')),
            ],
            options={
                'db_table': 'tax_receipt',
            },
        ),
        migrations.CreateModel(
            name='AccountBalance',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('sub_ledger', models.CharField(max_length=20)),
                ('balance_fen', models.BigIntegerField()),
                ('account', canbao.kernel.tenant.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.account')),
            ],
            options={
                'db_table': 'account_balance',
                'constraints': [models.UniqueConstraint(fields=('county', 'account', 'sub_ledger'), name='account_balance_once'), models.CheckConstraint(condition=models.Q(('balance_fen__gte', 0)), name='account_balance_amount')],
            },
        ),
        migrations.AddIndex(
            model_name='charge',
            index=models.Index(fields=['county', 'insurance', 'year', 'village'], name='charge_season'),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.UniqueConstraint(fields=('county', 'person', 'insurance', 'year'), name='charge_once'),
        ),
        migrations.AddConstraint(
            model_name='charge',
            constraint=models.CheckConstraint(condition=models.Q(('own_fen__gte', 0), ('paid_fen__gte', 0)), name='charge_not_negative'),
        ),
        migrations.AddConstraint(
            model_name='chargeshare',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gte', 0)), name='charge_share_amount'),
        ),
        migrations.AddConstraint(
            model_name='cover',
            constraint=models.CheckConstraint(condition=models.Q(('to_on__gt', models.F('from_on'))), name='cover_days'),
        ),
        migrations.AddConstraint(
            model_name='cover',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('void_at', None)), expressions=[('county', '='), ('enrolment', '='), (models.Func('from_on', 'to_on', function='daterange'), '&&')], name='cover_once'),
        ),
        migrations.AddIndex(
            model_name='ledgerposting',
            index=models.Index(fields=['county', 'account', 'effective_on'], name='ledger_account'),
        ),
        migrations.AddIndex(
            model_name='ledgerposting',
            index=models.Index(condition=models.Q(('person_id__isnull', False)), fields=['county', 'person_id'], name='ledger_person'),
        ),
        migrations.AddConstraint(
            model_name='ledgerposting',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0), ('side__in', [1, -1])), name='ledger_posting_amount'),
        ),
        migrations.AddIndex(
            model_name='receipt',
            index=models.Index(fields=['county', 'collector_id', 'paid_on'], name='receipt_collector'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.UniqueConstraint(fields=('county', 'block', 'number'), name='receipt_number'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.UniqueConstraint(fields=('county', 'token'), name='receipt_token'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gte', 0)), name='receipt_amount'),
        ),
        migrations.AddConstraint(
            model_name='payeranswer',
            constraint=models.UniqueConstraint(fields=('county', 'receipt'), name='payer_answer_once'),
        ),
        migrations.AddIndex(
            model_name='payeranswer',
            index=models.Index(condition=models.Q(('closed_at', None), ('right', False)), fields=['county', 'at', 'id'], name='payer_answer_waits'),
        ),
        migrations.AddConstraint(
            model_name='cancelled',
            constraint=models.UniqueConstraint(fields=('county', 'block', 'number'), name='receipt_cancelled_once'),
        ),
        migrations.AddIndex(
            model_name='receiptline',
            index=models.Index(fields=['county', 'subject_id'], name='receipt_line_subject'),
        ),
        migrations.AddIndex(
            model_name='receiptline',
            index=models.Index(condition=models.Q(('charge', None)), fields=['county', 'receipt'], name='receipt_line_advance'),
        ),
        migrations.AddConstraint(
            model_name='receiptline',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gte', 0), ('due_fen__gte', 0), ('others_fen__gte', 0)), name='receipt_line_amounts'),
        ),
        migrations.AddConstraint(
            model_name='taxreceipt',
            constraint=models.UniqueConstraint(fields=('county', 'receipt'), name='tax_receipt_once'),
        ),
        migrations.AddConstraint(
            model_name='taxreceipt',
            constraint=models.UniqueConstraint(fields=('county', 'number'), name='tax_receipt_number'),
        ),
    ]
