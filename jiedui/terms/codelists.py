"""代码表: the closed lists of values, each with its Chinese and English label.

A code list is an ordered mapping ``identifier -> (Chinese, English)``. Identifiers are what records, snapshots and
SQL hold; labels are what people read. Conflicting numeric codes of other systems are mapped by label at import
(domain fact 13), never here.
"""

from __future__ import annotations

from typing import Final

CodeList = dict[str, tuple[str, str]]

SCHEME: Final[CodeList] = {
    "east_west": ("东西部扶贫协作", "East-West collaboration"),
    "counterpart": ("对口支援", "counterpart support"),
    "jing_jin_ji": ("京津冀", "Jing-Jin-Ji"),
    "own_province": ("省内结对", "pairing inside a province"),
}
PAIR_LEVEL: Final[CodeList] = {
    "province_to_province": ("省对省", "province to province"),
    "province_to_city": ("省对市州", "province to prefecture"),
    "city_to_city": ("市对市州", "prefecture to prefecture"),
    "county_to_county": ("县对县", "county to county"),
}
SIDE: Final[CodeList] = {"donor": ("帮扶方", "Donor"), "recipient": ("被帮扶方", "Recipient")}
AREA: Final[CodeList] = {
    "poverty": ("减贫成效", "Poverty reduction"),
    "labour": ("劳务协作", "Labour"),
    "industry": ("产业合作", "Industry"),
    "talent": ("人才支援", "Talent"),
    "funding": ("资金支持", "Funding"),
}
"""The five areas that are assessed, in the order of clause (十四)."""
SEX: Final[CodeList] = {"female": ("女", "female"), "male": ("男", "male")}
RELATION: Final[CodeList] = {
    "head": ("户主", "head"),
    "spouse": ("配偶", "spouse"),
    "child": ("子女", "child"),
    "child_in_law": ("儿媳或女婿", "child-in-law"),
    "grandchild": ("孙子女", "grandchild"),
    "parent": ("父母", "parent"),
    "sibling": ("兄弟姐妹", "sibling"),
    "other": ("其他", "other"),
}
EDUCATION: Final[CodeList] = {
    "none": ("文盲或半文盲", "none"),
    "primary": ("小学", "primary"),
    "junior": ("初中", "junior secondary"),
    "senior": ("高中", "senior secondary"),
    "vocational": ("中职", "vocational secondary"),
    "college": ("大专及以上", "college and above"),
}
HEALTH: Final[CodeList] = {
    "healthy": ("健康", "healthy"),
    "chronic": ("长期慢性病", "chronic illness"),
    "serious": ("患有大病", "serious illness"),
    "disabled": ("残疾", "disabled"),
}
LABOUR_ABILITY: Final[CodeList] = {
    "none": ("无劳动能力", "no ability to work"),
    "weak": ("弱劳动力或半劳动力", "weak or half ability"),
    "ordinary": ("普通劳动力", "ordinary ability"),
    "skilled": ("技能劳动力", "skilled"),
}
POVERTY_CAUSE: Final[CodeList] = {
    "illness": ("因病", "illness"),
    "disability": ("因残", "disability"),
    "schooling": ("因学", "cost of schooling"),
    "disaster": ("因灾", "disaster"),
    "land": ("缺土地", "lack of land"),
    "water": ("缺水", "lack of water"),
    "skill": ("缺技术", "lack of skill"),
    "labour": ("缺劳力", "lack of labour"),
    "funds": ("缺资金", "lack of funds"),
    "transport": ("交通条件落后", "poor transport"),
    "motivation": ("自身发展动力不足", "lack of own drive"),
}
POVERTY_STATUS: Final[CodeList] = {
    "poor": ("未脱贫", "poor"),
    "exited": ("已脱贫", "exited"),
    "relapsed": ("返贫", "relapsed"),
}
MONITORED_AS: Final[CodeList] = {
    "unstable_exit": ("脱贫不稳定户", "left poverty, not stable"),
    "near_poor": ("边缘易致贫户", "close to poverty"),
    "sudden_hardship": ("突发严重困难户", "sudden severe hardship"),
}
"""Kinds of households that are watched so that they do not fall (back) into poverty."""
STATUS_CHANGE: Final[CodeList] = {
    "enter": ("新识别", "entered"),
    "exit": ("脱贫", "exited"),
    "relapse": ("返贫", "relapsed"),
    "correction": ("更正", "corrected"),
}
WORK_STATUS: Final[CodeList] = {
    "unemployed": ("未就业", "without work"),
    "away_east": ("东部务工", "working in the East"),
    "away_other": ("省外其他地区务工", "working elsewhere outside the province"),
    "near": ("就近就业", "working nearby"),
    "farming": ("务农", "farming"),
}
SKILL_LEVEL: Final[CodeList] = {
    "none": ("无", "none"),
    "basic": ("初级工", "basic"),
    "middle": ("中级工", "middle"),
    "senior": ("高级工", "senior"),
}
SEASON: Final[CodeList] = {
    "all_year": ("常年", "all year"),
    "off_season": ("农闲季节", "farming off-season"),
    "harvest": ("农忙季节", "harvest"),
}
PLACEMENT_KIND: Final[CodeList] = {
    "east": ("转移到东部就业", "placed in the East"),
    "near": ("就近就地就业", "placed nearby"),
    "other": ("转移到其他地区就业", "placed elsewhere"),
}
STAY_EVIDENCE: Final[CodeList] = {
    "certificate": ("务工证明", "stamped certificate"),
    "contract": ("劳动合同", "labour contract"),
    "pay_flow": ("工资流水", "pay flow of the months"),
    "insurance": ("养老保险缴费", "pension insurance"),
    "phone": ("电话核查", "phone check"),
}
SCHOOLING_STATUS: Final[CodeList] = {
    "enrolled": ("在读", "enrolled"),
    "graduated": ("毕业", "graduated"),
    "employed": ("就业", "in a first job"),
    "left": ("退学", "left"),
}
PROJECT_KIND: Final[CodeList] = {
    "base": ("特色产业基地", "speciality production base"),
    "cooperative": ("合作组织", "co-operative"),
    "leading_firm": ("龙头企业", "leading firm"),
    "labour_intensive": ("劳动密集型企业", "labour-intensive firm"),
    "tourism": ("文化旅游企业", "culture and tourism firm"),
    "technology": ("科技支持", "technology support"),
    "public_works": ("基础设施和公共服务", "infrastructure and public service"),
}
PROJECT_STATUS: Final[CodeList] = {
    "planned": ("已入库", "in the project library"),
    "building": ("在建", "under way"),
    "done": ("已完工", "finished"),
    "accepted": ("已验收", "accepted"),
}
BENEFIT_MECHANISM: Final[CodeList] = {
    "job": ("吸纳就业", "job"),
    "order": ("订单收购", "purchase order"),
    "dividend": ("资产收益分红", "dividend"),
    "land_rent": ("土地流转", "land rent"),
    "training": ("技术带动", "training"),
}
SECONDMENT_DIRECTION: Final[CodeList] = {
    "donor_to_recipient": ("东部到西部", "East to West"),
    "recipient_to_donor": ("西部到东部", "West to East"),
}
TALENT_KIND: Final[CodeList] = {
    "official": ("党政干部", "official"),
    "specialist": ("专业技术人才", "specialist"),
}
FIELD: Final[CodeList] = {
    "education": ("教育", "education"),
    "health": ("卫生", "health"),
    "technology": ("科技", "technology"),
    "culture": ("文化", "culture"),
    "social_work": ("社会工作", "social work"),
    "agriculture": ("农业", "agriculture"),
    "government": ("党政管理", "government"),
}
TRAINING_KIND: Final[CodeList] = {
    "official": ("党政干部培训", "officials"),
    "grass_roots": ("基层干部培训", "grass-roots cadres"),
    "leader": ("创业致富带头人培训", "village entrepreneurs"),
    "specialist": ("专业技术人才培训", "specialists"),
}
ORGANISATION_KIND: Final[CodeList] = {
    "firm": ("企业", "firm"),
    "social": ("社会组织", "social organisation"),
    "school": ("学校", "school"),
    "hospital": ("医院", "hospital"),
    "government": ("党政机关", "government office"),
    "person": ("公民个人", "private person"),
}
DONATION_PURPOSE: Final[CodeList] = {
    "schooling": ("捐资助学", "schooling"),
    "medical": ("医疗救助", "medical aid"),
    "industry": ("产业发展", "industry"),
    "housing": ("住房", "housing"),
    "other": ("其他", "other"),
}
VISIT_DIRECTION: Final[CodeList] = {
    "donor_to_recipient": ("东部赴西部", "donor visits recipient"),
    "recipient_to_donor": ("西部赴东部", "recipient visits donor"),
}
LEADER_RANK: Final[CodeList] = {
    "principal": ("党政主要负责同志", "principal leader"),
    "deputy": ("党政负责同志", "deputy leader"),
    "department": ("部门负责同志", "department head"),
}
LEDGER_STEP: Final[CodeList] = {
    "agreement": ("协议", "agreement"),
    "budget": ("预算", "budget"),
    "transfer": ("拨付到受援方", "transfer to the recipient"),
    "allocate": ("安排到项目", "allocated to a project"),
    "payment": ("支付", "payment"),
}
LEDGER_ACCOUNT: Final[CodeList] = {
    "donor_budget": ("帮扶方预算", "donor's budget"),
    "recipient_treasury": ("受援方财政专户", "recipient's treasury"),
    "project": ("项目", "project"),
    "payee": ("收款方", "payee"),
}
"""Accounts of the double entry; a positive leg is money in, a negative leg money out, every entry sums to 0."""
