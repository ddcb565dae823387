from django.db import migrations

# Beats rewrite these two rows every few seconds. Room on each page keeps the new version beside the
# old one, so no index has to change (heap-only tuples).
TABLES = ("media_viewingsession", "media_viewerclock")


class Migration(migrations.Migration):
    dependencies = [("media", "0001_initial")]

    operations = [
        migrations.RunSQL(
            f"ALTER TABLE {table} SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05)",
            f"ALTER TABLE {table} RESET (fillfactor, autovacuum_vacuum_scale_factor)",
        )
        for table in TABLES
    ]
