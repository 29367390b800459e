import canbao.kernel.ids
import canbao.kernel.tenant
import django.db.models.deletion
from django.db import migrations, models


APPEND_ONLY = ("advance_turned", "cover_certificate")


def _guard(table):
    return migrations.RunSQL(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        f"DROP TRIGGER append_only ON {table}",
    )


class Migration(migrations.Migration):

    dependencies = [
        ('canbao', '0006_cash'),
    ]

    operations = [
        migrations.CreateModel(
            name='AdvanceTurned',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('paid_fen', models.BigIntegerField()),
                ('back_fen', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('charge', canbao.kernel.tenant.TenantForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.charge')),
                ('receipt_line', canbao.kernel.tenant.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.receiptline')),
            ],
            options={
                'db_table': 'advance_turned',
                'constraints': [models.UniqueConstraint(fields=('county', 'receipt_line'), name='advance_turned_once'), models.CheckConstraint(condition=models.Q(('back_fen__gte', 0), ('paid_fen__gte', 0)), name='advance_turned_amounts')],
            },
        ),
        migrations.CreateModel(
            name='CoverCertificate',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('number', models.CharField(max_length=24)),
                ('token', models.CharField(max_length=32)),
                ('by_id', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('cover', canbao.kernel.tenant.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.cover')),
            ],
            options={
                'db_table': 'cover_certificate',
                'constraints': [models.UniqueConstraint(fields=('county', 'token'), name='cover_certificate_token'), models.UniqueConstraint(fields=('county', 'number'), name='cover_certificate_number')],
            },
        ),
        migrations.CreateModel(
            name='RefundDue',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('insurance', models.CharField(max_length=3)),
                ('year', models.SmallIntegerField()),
                ('amount_fen', models.BigIntegerField()),
                ('reason', models.CharField(max_length=20)),
                ('entry_id', models.UUIDField()),
                ('state', models.CharField(default='due', max_length=12)),
                ('due_on', models.DateField()),
                ('sent_on', models.DateField(null=True)),
                ('sent_by', models.UUIDField(null=True)),
                ('sent_by_name', models.CharField(default='', max_length=60)),
                ('at', models.DateTimeField()),
                ('charge', canbao.kernel.tenant.TenantForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.charge')),
                ('person', canbao.kernel.tenant.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.person')),
                ('receipt_line', canbao.kernel.tenant.TenantForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.receiptline')),
            ],
            options={
                'db_table': 'refund_due',
                'indexes': [models.Index(fields=['county', 'state', 'insurance'], name='refund_due_state'), models.Index(fields=['county', 'person'], name='refund_due_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='refund_due_amount')],
            },
        ),
        *(_guard(table) for table in APPEND_ONLY),
    ]
