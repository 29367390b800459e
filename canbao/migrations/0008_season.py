import canbao.kernel.ids
import canbao.kernel.tenant
import django.db.models.deletion
import uuid
from django.db import migrations, models


APPEND_ONLY = ("season_drop_out", "season_asked", "price_trace")


def _guard(table):
    return migrations.RunSQL(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
        f"DROP TRIGGER append_only ON {table}",
    )


class Migration(migrations.Migration):

    dependencies = [
        ('canbao', '0007_pages'),
    ]

    operations = [
        migrations.CreateModel(
            name='Asked',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('insurance', models.CharField(max_length=3)),
                ('year', models.SmallIntegerField()),
                ('village', models.CharField(max_length=12)),
                ('how', models.CharField(max_length=10)),
                ('said', models.CharField(max_length=20)),
                ('by_id', models.UUIDField()),
                ('by_name', models.CharField(max_length=60)),
                ('asked_on', models.DateField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'season_asked',
            },
        ),
        migrations.CreateModel(
            name='DropOut',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('village', models.CharField(max_length=12)),
                ('household_number', models.CharField(default='', max_length=40)),
                ('reason', models.CharField(max_length=30)),
                ('detail', models.CharField(default='', max_length=40)),
            ],
            options={
                'db_table': 'season_drop_out',
            },
        ),
        migrations.CreateModel(
            name='Season',
            fields=[
                ('id', models.UUIDField(default=canbao.kernel.ids.new_id, primary_key=True, serialize=False)),
                ('county', models.CharField(max_length=6)),
                ('insurance', models.CharField(max_length=3)),
                ('year', models.SmallIntegerField()),
                ('priced_on', models.DateField()),
                ('at', models.DateTimeField()),
                ('actor', models.TextField()),
                ('started_by_name', models.CharField(max_length=60)),
                ('state', models.CharField(default='waiting', max_length=10)),
                ('fault', models.CharField(default='', max_length=60)),
                ('sets', models.IntegerField(default=0)),
                ('after', models.UUIDField(default=uuid.UUID('00000000-0000-0000-0000-000000000000'))),
                ('total', models.IntegerField()),
                ('looked', models.IntegerField(default=0)),
                ('charged', models.IntegerField(default=0)),
                ('settled', models.IntegerField(default=0)),
                ('dropped', models.IntegerField(default=0)),
                ('moved_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'season',
            },
        ),
        migrations.RemoveIndex(
            model_name='charge',
            name='charge_season',
        ),
        migrations.AddIndex(
            model_name='charge',
            index=models.Index(fields=['county', 'insurance', 'year', 'village'], include=('state', 'own_fen', 'settled_on'), name='charge_season'),
        ),
        migrations.AddField(
            model_name='asked',
            name='charge',
            field=canbao.kernel.tenant.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.charge'),
        ),
        migrations.AddField(
            model_name='dropout',
            name='person',
            field=canbao.kernel.tenant.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.person'),
        ),
        migrations.AddConstraint(
            model_name='season',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'done'), _negated=True), fields=('county', 'insurance', 'year'), name='season_one_at_a_time'),
        ),
        migrations.AddField(
            model_name='dropout',
            name='season',
            field=canbao.kernel.tenant.TenantForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, to='canbao.season'),
        ),
        migrations.AddIndex(
            model_name='asked',
            index=models.Index(fields=['county', 'insurance', 'year', 'village'], name='asked_season'),
        ),
        migrations.AddIndex(
            model_name='dropout',
            index=models.Index(fields=['county', 'season', 'village', 'household_number'], name='drop_out_village'),
        ),
        migrations.AddConstraint(
            model_name='dropout',
            constraint=models.UniqueConstraint(fields=('county', 'season', 'person'), name='drop_out_once'),
        ),
        *(_guard(table) for table in APPEND_ONLY),
    ]
