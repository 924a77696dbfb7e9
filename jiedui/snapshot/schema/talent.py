"""人才支援: tables of the area `talent`."""

from __future__ import annotations

from jiedui.snapshot.schema.definition import Column, Table
from jiedui.terms import codelists

TABLES: tuple[Table, ...] = (
    Table(
        name="secondment",
        area="talent",
        title="挂职",
        doc="Official or specialist seconded in either direction.",
        region="region_code",
        date="started_on",
        duties=("talent.1",),
        columns=(
            Column("secondment_id", "id", "编号"),
            Column("pairing_id", "ref", "结对关系", references="pairing"),
            Column("direction", "choice", "方向", choices=codelists.SECONDMENT_DIRECTION),
            Column("kind", "choice", "类别", choices=codelists.TALENT_KIND),
            Column("field", "choice", "领域", choices=codelists.FIELD),
            Column("region_code", "code", "挂职地"),
            Column("home_region_code", "code", "派出地"),
            Column("poverty_duty", "bool", "主要精力用于脱贫攻坚"),
            Column("started_on", "date", "开始日期"),
            Column("planned_end_on", "date", "计划结束日期"),
            Column("ended_on", "date", "实际结束日期", required=False),
            Column("person_key", "text", "干部标识", doc="Keyed pseudonym: no two posts at once."),
            Column("name", "text", "姓名", private=True),
        ),
    ),
    Table(
        name="support_team",
        area="talent",
        title="组团式帮扶",
        doc="Group support in teaching, medicine or farming.",
        region="region_code",
        date="started_on",
        duties=("talent.2",),
        columns=(
            Column("support_team_id", "id", "编号"),
            Column("pairing_id", "ref", "结对关系", references="pairing"),
            Column("field", "choice", "领域", choices=codelists.FIELD),
            Column("region_code", "code", "服务地"),
            Column("started_on", "date", "开始日期"),
            Column("persons", "int", "人数", unit="persons"),
            Column("person_times", "int", "人次", unit="person-times"),
        ),
    ),
    Table(
        name="training",
        area="talent",
        title="培训",
        doc="Training of officials, specialists and village entrepreneurs.",
        region="region_code",
        date="held_on",
        duties=("talent.3",),
        columns=(
            Column("training_id", "id", "编号"),
            Column("pairing_id", "ref", "结对关系", references="pairing"),
            Column("kind", "choice", "类别", choices=codelists.TRAINING_KIND),
            Column("region_code", "code", "学员所在地"),
            Column("held_on", "date", "举办日期"),
            Column("persons", "int", "人数", unit="persons"),
            Column("started_business", "int", "创业成功人数", unit="persons", required=False),
        ),
    ),
)
