"""匹配结果: what the engine proposes; a person decides.

Reasons are stored as numbers, not as sentences: a million proposals are written in seconds, and each is told in words
when somebody looks at it (`results.telling`).
"""

from __future__ import annotations

from typing import Final

from django.contrib.postgres.fields import ArrayField
from django.db import models

from jiedui.results.models.run import Run
from jiedui.results.visibility import PairQuerySet, PeopleQuerySet

OCCUPATION_FIT: Final = {
    "same": ("意向职业相同", "the wished occupation"),
    "second": ("第二意向职业", "the second wish"),
    "related": ("意向职业相近", "a related occupation"),
    "other": ("意向以外的职业", "another occupation"),
    "any": ("未登记意向", "no wish registered"),
}
PARTNER: Final = {
    "together": ("与同行人安排在同一县", "in one county with the partner"),
    "apart": ("同行人安排在另一县", "the partner is in another county"),
    "alone": ("同行人未获安排", "the partner is not placed"),
}


class Proposal(models.Model):
    """人岗匹配建议: one worker and one vacancy, with what counted, the next best and why not the first wish.

    `points` are the parts of the utility in the order of `run.summary["parts"]`; they add up to `utility`. `tier` is
    served in rising order. `wish_reason` says why the first wish was not given ("" = it was).
    """

    # no constraint: a look at the run for each of a million rows took as long as writing them; `results.store` writes
    # both in one transaction
    run = models.ForeignKey(
        Run,
        on_delete=models.CASCADE,
        related_name="proposals",
        db_index=False,
        db_constraint=False,
        verbose_name="运行",
    )
    worker_id = models.BigIntegerField("劳动力")
    person_id = models.CharField("人员假名", max_length=32, db_collation="C")
    region_code = models.CharField("户籍村", max_length=12, db_collation="C")
    vacancy_id = models.BigIntegerField("岗位")
    work_region_code = models.CharField("工作地", max_length=12, db_collation="C")
    utility = models.BigIntegerField("效用")
    price = models.BigIntegerField("影子价格", null=True)
    tier = models.IntegerField("优先级")
    distance_km = models.FloatField("距离(公里)", null=True)
    points = ArrayField(models.SmallIntegerField(), verbose_name="效用构成")
    wage_fen = models.BigIntegerField("月工资")
    expected_fen = models.BigIntegerField("期望月工资", null=True)
    dependants = models.IntegerField("需照料人数")
    occupation_fit = models.CharField("职业相符", max_length=8)
    partner = models.CharField("同行", max_length=8, default="")
    next_vacancy_id = models.BigIntegerField("次优岗位", null=True)
    next_region_code = models.CharField("次优工作地", max_length=12, db_collation="C", default="")
    next_utility = models.BigIntegerField("次优效用", null=True)
    next_price = models.BigIntegerField("次优影子价格", null=True)
    wish_vacancy_id = models.BigIntegerField("首选岗位", null=True)
    wish_region_code = models.CharField("首选工作地", max_length=12, db_collation="C", default="")
    wish_utility = models.BigIntegerField("首选效用", null=True)
    wish_price = models.BigIntegerField("首选影子价格", null=True)
    wish_reason = models.CharField("首选落选原因", max_length=16, default="")

    objects = PeopleQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "人岗匹配建议"
        indexes = [
            models.Index(fields=["run", "region_code", "-utility", "worker_id"], name="proposal_region"),
            models.Index(
                fields=["run", "work_region_code", "region_code", "-utility", "worker_id"], name="proposal_work"
            ),
            models.Index(
                fields=["run", "partner", "region_code", "-utility", "worker_id"],
                condition=~models.Q(partner=""),
                name="proposal_partner",
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["run", "worker_id"], name="proposal_once")]


class PairProposal(models.Model):
    """结对建议: sides that are no worker and vacancy: counties, candidate and post, firm and village, need and offer.

    `left_id` is served, `right_id` has the seats; what they are keys of stands in `records.models.MatchMark`. `points`
    as in `Proposal`; `facts` are the published or recorded figures that they came from, by name.
    """

    run = models.ForeignKey(
        Run, on_delete=models.CASCADE, related_name="pair_proposals", db_index=False, verbose_name="运行"
    )
    problem = models.CharField("问题", max_length=16)
    left_id = models.BigIntegerField("左方")
    left_region = models.CharField("左方所在地", max_length=12, db_collation="C")
    right_id = models.BigIntegerField("右方")
    right_region = models.CharField("右方所在地", max_length=12, db_collation="C")
    utility = models.BigIntegerField("效用")
    price = models.BigIntegerField("影子价格", null=True)
    distance_km = models.FloatField("距离(公里)", null=True)
    points = ArrayField(models.SmallIntegerField(), verbose_name="效用构成")
    facts = models.JSONField("依据数据", default=dict)
    next_right_id = models.BigIntegerField("次优", null=True)
    next_utility = models.BigIntegerField("次优效用", null=True)
    next_price = models.BigIntegerField("次优影子价格", null=True)
    wish_right_id = models.BigIntegerField("首选", null=True)
    wish_utility = models.BigIntegerField("首选效用", null=True)
    wish_price = models.BigIntegerField("首选影子价格", null=True)
    wish_reason = models.CharField("首选落选原因", max_length=16, default="")

    objects = PairQuerySet.as_manager()

    class Meta:
        db_table = "results_pair_proposal"
        verbose_name = verbose_name_plural = "结对建议"
        indexes = [models.Index(fields=["run", "left_region"], name="pair_proposal_region")]
        constraints = [models.UniqueConstraint(fields=["run", "left_id", "right_id"], name="pair_proposal_once")]
