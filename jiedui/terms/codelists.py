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
    "township_to_township": ("乡镇对乡镇", "township to township"),
    "village_to_village": ("村对村", "village to village"),
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
FOUND_THROUGH: Final[CodeList] = {
    "organised": ("政府组织", "organised by the government"),
    "kin": ("亲友介绍", "through family or friends"),
    "agency": ("中介机构", "through an agency"),
    "school": ("学校推荐", "through a school"),
    "own": ("自发外出", "on one's own"),
}
WORK_LIMIT: Final[CodeList] = {
    "none": ("无限制", "no limit"),
    "light_only": ("只能从事轻体力劳动", "light work only"),
    "no_dust": ("不能接触粉尘或有害物", "no dust or harmful matter"),
    "no_height": ("不能高空作业", "no work at heights"),
}
"""What the health of a worker rules out."""
WORK_DEMAND: Final[CodeList] = {
    "light": ("轻体力", "light"),
    "heavy": ("重体力", "heavy"),
    "dust": ("接触粉尘或有害物", "dust or harmful matter"),
    "height": ("高空作业", "at heights"),
}
"""What a vacancy demands of the body."""
CONTRACT_KIND: Final[CodeList] = {
    "fixed_term": ("固定期限合同", "fixed term"),
    "open_ended": ("无固定期限合同", "open-ended"),
    "task": ("以完成一定任务为期限", "until a task is done"),
    "dispatch": ("劳务派遣", "through a labour agency"),
    "seasonal": ("季节性用工", "seasonal"),
}
VACANCY_STATE: Final[CodeList] = {
    "reported": ("待核实", "reported"),
    "checked": ("已核实", "checked"),
    "withdrawn": ("已撤回", "withdrawn"),
}
"""Only a checked vacancy counts."""
OFFER_STATE: Final[CodeList] = {
    "offered": ("已推荐", "offered"),
    "accepted": ("已同意", "accepted"),
    "refused": ("已谢绝", "refused"),
    "withdrawn": ("已撤回", "withdrawn"),
    "lapsed": ("逾期未答", "lapsed"),
    "departed": ("已出发", "departed"),
    "started": ("已上岗", "on the job"),
    "left": ("已离岗", "left"),
}
REFUSAL_REASON: Final[CodeList] = {
    "wage": ("工资", "the wage"),
    "distance": ("离家远", "too far from home"),
    "family": ("照料家人", "the family needs me"),
    "work": ("工种不合适", "not this kind of work"),
    "lodging": ("食宿条件", "lodging"),
    "firm": ("不愿去该单位", "not this firm"),
    "found": ("已自行就业", "found work already"),
    "health": ("身体原因", "health"),
    "other": ("其他", "other"),
}
LEAVING_REASON: Final[CodeList] = {
    "term_over": ("合同期满", "the term was over"),
    "dismissed": ("单位解除", "dismissed"),
    "family": ("家庭原因", "family"),
    "health": ("身体原因", "health"),
    "wage": ("工资原因", "the wage"),
    "other_job": ("另找工作", "another job"),
    "vacancy_closed": ("岗位取消", "the vacancy was closed"),
    "died": ("死亡", "died"),
    "unknown": ("不明", "not known"),
}
FOLLOW_UP: Final[CodeList] = {
    "new_offer": ("重新推荐岗位", "a new offer is looked for"),
    "other_job": ("已另行就业", "has another job"),
    "stays_home": ("返乡务农或照料家人", "stays at home"),
    "unreachable": ("联系不上", "could not be reached"),
}
TRIP_STATE: Final[CodeList] = {
    "planned": ("待出发", "planned"),
    "departed": ("已出发", "departed"),
    "arrived": ("已交接", "handed over"),
    "cancelled": ("已取消", "cancelled"),
}
SUBSIDY_KIND: Final[CodeList] = {
    "transport": ("交通补贴", "transport subsidy"),
    "stay": ("稳岗补贴", "subsidy for staying in work"),
}
SUBSIDY_STATE: Final[CodeList] = {
    "approved": ("已核定", "approved"),
    "paid": ("已发放", "paid"),
    "cancelled": ("已取消", "cancelled"),
}
SETTLEMENT_STATE: Final[CodeList] = {
    "applied": ("已申请", "applied"),
    "settled": ("已落户", "settled"),
    "refused": ("未批准", "not granted"),
    "given_up": ("本人放弃", "given up"),
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
TALENT_LEVEL: Final[CodeList] = {
    "junior": ("初级或科员", "junior"),
    "middle": ("中级或科级", "middle"),
    "senior": ("高级或处级以上", "senior"),
}
POST_STATE: Final[CodeList] = {"open": ("待派", "open"), "filled": ("已派满", "filled"), "closed": ("已取消", "closed")}
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
NEED_KIND: Final[CodeList] = {
    "schooling": ("助学", "schooling"),
    "medical": ("助医", "medical help"),
    "teaching": ("支教", "teaching"),
    "goods": ("物资", "goods"),
    "money": ("资金", "money"),
    "volunteers": ("志愿服务", "volunteers"),
    "sales": ("消费帮扶", "sale of produce"),
    "village": ("结对帮村", "pairing with villages"),
}
"""What a place needs and what an organisation offers; `village`: to be paired with villages (万企帮万村)."""
NEED_STATE: Final[CodeList] = {"open": ("待对接", "open"), "met": ("已对接", "met"), "closed": ("已关闭", "closed")}
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
