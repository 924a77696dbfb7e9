"""核查提示: findings of a run."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("results", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="RuleFinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("duty", models.CharField(max_length=32, verbose_name="职责")),
                ("rule", models.CharField(max_length=64, verbose_name="规则")),
                (
                    "severity",
                    models.CharField(
                        choices=[("note", "提示"), ("warning", "预警"), ("error", "问题")],
                        max_length=16,
                        verbose_name="程度",
                    ),
                ),
                ("subject", models.CharField(verbose_name="对象")),
                ("message", models.TextField(verbose_name="内容")),
                ("message_en", models.TextField(verbose_name="英文内容")),
                ("pairing_id", models.BigIntegerField(null=True, verbose_name="结对关系")),
                (
                    "region_code",
                    models.CharField(
                        blank=True, db_collation="C", default="", max_length=12, verbose_name="地区"
                    ),
                ),
                ("rows", models.JSONField(default=list, verbose_name="涉及的行")),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findings",
                        to="results.run",
                        verbose_name="运行",
                    ),
                ),
            ],
            options={"verbose_name": "核查提示", "verbose_name_plural": "核查提示"},
        ),
        migrations.AddIndex(
            model_name="rulefinding", index=models.Index(fields=["run", "pairing_id"], name="finding_pair")
        ),
        migrations.AddConstraint(
            model_name="rulefinding",
            constraint=models.CheckConstraint(
                condition=models.Q(severity__in=["note", "warning", "error"]), name="finding_severity_listed"
            ),
        ),
    ]
