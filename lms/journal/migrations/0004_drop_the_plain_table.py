from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [('journal', '0003_move_rows_into_months')]

    operations = [migrations.RunSQL('DROP TABLE journal_unpartitioned')]
