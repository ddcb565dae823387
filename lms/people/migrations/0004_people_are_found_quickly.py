"""Search by a part of the name, by the beginning of the staff number, and the order of the list."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0003_nobody_is_superuser'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='person',
            index=django.contrib.postgres.indexes.GinIndex(models.Func(models.F('name'), output_field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), size=None), template='string_to_array(%(expressions)s, NULL)'), name='person_name_letters'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('staff_number'), 'text_pattern_ops'), name='person_number_prefix'),
        ),
        migrations.AddIndex(
            model_name='person',
            index=models.Index(fields=['pinyin_initials', 'name', 'id'], name='person_by_pinyin'),
        ),
    ]
