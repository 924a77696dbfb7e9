"""A page of proposals by work place or by partner without a scan; no look at the run for each row that is written, and
no index by vacancy, which nothing reads."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("results", "0008_scope_of_pairs")]

    operations = [
        migrations.AlterField(
            model_name="proposal",
            name="run",
            field=models.ForeignKey(
                db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE,
                related_name="proposals", to="results.run", verbose_name="运行",
            ),
        ),
        migrations.RemoveIndex(model_name="proposal", name="proposal_vacancy"),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(
                fields=["run", "work_region_code", "region_code", "-utility", "worker_id"], name="proposal_work"
            ),
        ),
        migrations.AddIndex(
            model_name="proposal",
            index=models.Index(
                condition=models.Q(("partner", ""), _negated=True),
                fields=["run", "partner", "region_code", "-utility", "worker_id"],
                name="proposal_partner",
            ),
        ),
    ]
