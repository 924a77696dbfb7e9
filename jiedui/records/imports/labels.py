"""标签: what rosters write for the items of our code lists, besides the labels themselves.

Numbers of other systems are never guessed (致贫原因: 因学 is 3, 1 or 11): they are asked for, source by source.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from jiedui.records.imports.forms import Field

YES: Final = frozenset(
    {"是", "有", "√", "y", "yes", "true", "1", "已消除", "已参加", "参加", "在校", "在校生", "安全", "已解决"}
)
NO: Final = frozenset(
    {
        "否",
        "无",
        "×",
        "x",
        "n",
        "no",
        "false",
        "0",
        "未消除",
        "未参加",
        "不参加",
        "非在校生",
        "不安全",
        "未解决",
        "不在校",
    }
)
_IN_SCHOOL: Final = [
    "学前教育",
    "小学",
    "七年级",
    "八年级",
    "九年级",
    "普通高中",
    "高中",
    "中职",
    "高职",
    "大专",
    "本科",
    "硕士",
    "义务教育",
    "技师学院",
]

_ALSO: Final[Mapping[str, Mapping[str, str]]] = {
    "relation": {
        "本人或户主": "head",
        "户主本人": "head",
        "本人": "head",
        "妻": "spouse",
        "夫": "spouse",
        "妻子": "spouse",
        "丈夫": "spouse",
        "之子": "child",
        "之女": "child",
        "子": "child",
        "女": "child",
        "儿子": "child",
        "女儿": "child",
        "长子": "child",
        "长女": "child",
        "次子": "child",
        "次女": "child",
        "之儿媳": "child_in_law",
        "之女婿": "child_in_law",
        "儿媳": "child_in_law",
        "女婿": "child_in_law",
        "之孙子": "grandchild",
        "之孙女": "grandchild",
        "孙子": "grandchild",
        "孙女": "grandchild",
        "之外孙子": "grandchild",
        "之外孙女": "grandchild",
        "之父": "parent",
        "之母": "parent",
        "之岳父": "parent",
        "之岳母": "parent",
        "之公公": "parent",
        "之婆婆": "parent",
        "父亲": "parent",
        "母亲": "parent",
        "父": "parent",
        "母": "parent",
        "之兄弟姐妹": "sibling",
        "兄": "sibling",
        "弟": "sibling",
        "姐": "sibling",
        "妹": "sibling",
    },
    "education": {
        "文盲": "none",
        "半文盲": "none",
        "文盲半文盲": "none",
        "学龄前儿童": "none",
        "高中/中专": "senior",
        "中专": "vocational",
        "大专": "college",
        "本科": "college",
        "本科及以上": "college",
        "大学": "college",
        "大专以上": "college",
    },
    "health": {"良好": "healthy", "慢性病": "chronic", "大病": "serious", "重病": "serious", "残疾人": "disabled"},
    "labour_ability": {
        "无劳动力": "none",
        "丧失劳动力": "none",
        "弱劳动力": "weak",
        "半劳动力": "weak",
        "弱劳动力半劳动力": "weak",
        "普通劳动力": "ordinary",
        "技能劳动力": "skilled",
    },
    "cause": {
        "因病致贫": "illness",
        "因残致贫": "disability",
        "因学致贫": "schooling",
        "因灾致贫": "disaster",
        "缺资金": "funds",
        "缺土地": "land",
    },
    "status": {
        "脱贫户": "exited",
        "已脱贫户": "exited",
        "脱贫": "exited",
        "未脱贫户": "poor",
        "贫困户": "poor",
        "一般贫困户": "poor",
        "返贫户": "relapsed",
    },
    "work_status": {
        "失业": "unemployed",
        "未务工": "unemployed",
        "在家": "unemployed",
        "就近务工": "near",
        "省内务工": "near",
        "东部": "away_east",
        "东部就业": "away_east",
        "县内务工": "near",
        "县内就业": "near",
        "就近就地就业": "near",
        "在家务农": "farming",
        "务农务牧": "farming",
    },
    "found_through": {
        "政府组织输出": "organised",
        "劳务协作": "organised",
        "组织输出": "organised",
        "亲友": "kin",
        "熟人介绍": "kin",
        "中介": "agency",
        "劳务公司": "agency",
        "学校": "school",
        "自主就业": "own",
        "自谋职业": "own",
        "自发": "own",
    },
    "work_limit": {
        "无": "none",
        "没有": "none",
        "轻体力": "light_only",
        "只能轻体力": "light_only",
        "不能接触粉尘": "no_dust",
        "恐高": "no_height",
        "不能高处作业": "no_height",
    },
    "demand": {
        "轻": "light",
        "重": "heavy",
        "轻体力劳动": "light",
        "重体力劳动": "heavy",
        "粉尘": "dust",
        "接触粉尘": "dust",
        "高处作业": "height",
    },
    "contract": {
        "固定期限": "fixed_term",
        "固定期限劳动合同": "fixed_term",
        "无固定期限": "open_ended",
        "无固定期限劳动合同": "open_ended",
        "完成一定任务": "task",
        "派遣": "dispatch",
        "季节工": "seasonal",
    },
}


def plain(label: str) -> str:
    """标签归一: without spaces and brackets, so that 弱劳动力/半劳动力 and 弱劳动力 半劳动力 are one."""
    return "".join(c for c in label.strip().lower() if c not in " \u3000\t\r\n()（）/、·")


def known(field: Field, mapped: Mapping[str, str]) -> dict[str, str | bool]:
    """已知标签: plain label → identifier (or truth value) of a field; what an officer mapped goes first."""
    if field.kind == "bool":
        found: dict[str, str | bool] = dict.fromkeys(YES, True) | dict.fromkeys(NO, False)
        if field.name == "in_school":
            found |= dict.fromkeys(map(plain, _IN_SCHOOL), True)
        return found | {plain(label): value == "true" for label, value in mapped.items()}
    found = {plain(labels[0]): identifier for identifier, labels in (field.choices or {}).items()}
    found |= {plain(label): identifier for label, identifier in _ALSO.get(field.name, {}).items()}
    return found | {plain(label): identifier for label, identifier in mapped.items()}
