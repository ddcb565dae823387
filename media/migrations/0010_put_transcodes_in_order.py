"""Jobs know whose turn it is, whether they wait for room, and what they took."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("media", "0009_takes_come_in_a_thin_form")]

    operations = [
        migrations.AddField("transcodejob", "began_at", models.DateTimeField(null=True)),
        migrations.AddField("transcodejob", "took_seconds", models.PositiveIntegerField(null=True)),
        migrations.AddField("transcodejob", "not_before", models.DateTimeField(null=True)),
        migrations.AddField(
            "transcodejob",
            "urgency",
            models.PositiveSmallIntegerField(
                choices=[
                    (0, "管理员提前"),
                    (1, "学员在等"),
                    (2, "课程草稿在用"),
                    (3, "新上传"),
                    (4, "换源文件"),
                    (5, "要从冷存储取回"),
                ],
                default=3,
            ),
        ),
        migrations.AddField(
            "transcodejob",
            "turn_at",
            # Those waiting now keep the order they have; the sweep puts them right within seconds.
            models.DateTimeField(default=django.utils.timezone.now),
            preserve_default=False,
        ),
        migrations.AddIndex(
            "transcodejob",
            models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["turn_at", "id"],
                name="transcode_turn",
            ),
        ),
    ]
