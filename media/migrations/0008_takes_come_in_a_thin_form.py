"""Takes keep the fragments made for thin lines beside those of the encoder."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("media", "0007_uploads_resume")]

    operations = [
        migrations.AddField("take", "thin", models.JSONField(default=dict)),
    ]
