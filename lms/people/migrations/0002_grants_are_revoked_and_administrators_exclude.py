"""A revoked grant keeps its row; nobody holds two of the three administrators' roles on one day."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='rolegrant',
            name='role_grant_once',
        ),
        migrations.AddField(
            model_name='rolegrant',
            name='revoked_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='grants_revoked', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rolegrant',
            name='revoked_on',
            field=models.DateField(blank=True, null=True, verbose_name='收回'),
        ),
        migrations.AddConstraint(
            model_name='rolegrant',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_on__isnull', True)), fields=('person', 'role', 'unit', 'from_date'), name='role_grant_once'),
        ),
        migrations.AddConstraint(
            model_name='rolegrant',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('role__in', ('system_admin', 'security_admin', 'audit_admin'))), expressions=[('person', '='), ('role', '<>'), (models.ExpressionWrapper(django.db.models.expressions.CombinedExpression(models.Func(models.F('from_date'), models.F('to_date'), models.Value('[]'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '*', models.Func(models.Value(None), models.F('revoked_on'), models.Value('[)'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField())), output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='administrators_exclude_each_other'),
        ),
    ]
