"""Pages of tables whose rows change at every act keep room for the next version beside the old one."""

from django.db import migrations

FILLED_PERCENT = {"case_file": 50, "deadline_span": 80, "bundle_item": 80}


class Migration(migrations.Migration):
    """Only how full pages are written; nothing depends on it but time."""

    dependencies = (("canbao", "0002_guards"),)
    operations = tuple(
        migrations.RunSQL(
            f"ALTER TABLE {table} SET (fillfactor = {percent})",
            f"ALTER TABLE {table} RESET (fillfactor)",
        )
        for table, percent in FILLED_PERCENT.items()
    )
