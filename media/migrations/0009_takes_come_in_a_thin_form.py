"""Takes keep the fragments made for thin lines beside those of the encoder."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("media", "0008_livestreams_are_revised")]

    operations = [
        migrations.AddField("take", "thin", models.JSONField(default=dict)),
    ]
