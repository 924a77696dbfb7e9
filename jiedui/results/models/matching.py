"""匹配结果: what the engine proposes; a person decides."""

from __future__ import annotations

from django.db import models

from jiedui.results.models.run import Run
from jiedui.results.visibility import PeopleQuerySet


class Proposal(models.Model):
    """人岗匹配建议: one worker and one vacancy, with what counted, the next best and why not the first wish."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="proposals", verbose_name="运行")
    worker_id = models.BigIntegerField("劳动力")
    person_id = models.CharField("人员假名", max_length=32, db_collation="C")
    region_code = models.CharField("户籍村", max_length=12, db_collation="C")
    vacancy_id = models.BigIntegerField("岗位")
    work_region_code = models.CharField("工作地", max_length=12, db_collation="C")
    utility = models.BigIntegerField("效用")
    price = models.BigIntegerField("影子价格", null=True)
    tier = models.IntegerField("优先级")
    distance_km = models.FloatField("距离(公里)", null=True)
    reasons = models.JSONField("理由", default=list)
    next_best = models.JSONField("次优岗位", null=True)
    first_wish = models.JSONField("首选岗位及落选原因", null=True)

    objects = PeopleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "人岗匹配建议"
        indexes = [
            models.Index(fields=["run", "region_code"], name="proposal_region"),
            models.Index(fields=["run", "vacancy_id"], name="proposal_vacancy"),
        ]
        constraints = [models.UniqueConstraint(fields=["run", "worker_id"], name="proposal_once")]
