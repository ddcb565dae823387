"""Rights come from role grants alone."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_grants_are_revoked_and_administrators_exclude'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='person',
            constraint=models.CheckConstraint(condition=models.Q(('is_superuser', False)), name='nobody_is_superuser'),
        ),
    ]
