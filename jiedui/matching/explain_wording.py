"""解释的用语: one sentence for each fact, Chinese and English, under the same keys."""

from __future__ import annotations

from typing import Final

Words = dict[str, str]

ZH: Final[Words] = {
    "worth": "效用 {utility}",
    "priced": "效用 {utility}，席位价格 {price}，净得 {reduced}",
    "priced_quota": "效用 {utility}，席位价格 {price}，名额价格 {quota_price}，净得 {reduced}",
    "placed": "安排到{name}：{worth}，在其全部选项中没有更高的。",
    "placed_member": "安排到{name}：{worth}，在其所在类别内没有更高的。",
    "placed_gap": "安排到{name}：{worth}；整个方案距最优最多差 {gap}，个别选项可能好出不超过此数。",
    "placed_gap_member": "安排到{name}：{worth}；整个方案距最优最多差 {gap}，同一类别内的选项可能好出不超过此数。",
    "placed_open": "安排到{name}：{worth}；尚未证明整个方案最优。",
    "placed_plain": "安排到{name}：{worth}。",
    "unplaced": "未安排：按席位价格计，没有一个选项比不安排更好。",
    "unplaced_member": "未安排，其联动组全体均未安排：按价格计，没有一个类别使全组合计更好。",
    "unplaced_plain": "未安排。",
    "next": "次优选项是{name}：{worth}。",
    "no_wish": "没有任何可选项。",
    "got": "这正是其第一志愿。",
    "no_seats": "第一志愿{name}没有席位。",
    "not_acceptable": "最高效用的选项{name}也不优于不安排（效用 {utility}）。",
    "tier": "第一志愿{name}的席位已由更优先层级的人占满。",
    "placements": "第一志愿{name}的席位留给否则将无处安排的人，使安排的总人数最多。",
    "price": "第一志愿{name}（效用 {utility}）共需付 {cost}，净得 {reduced}，不多于现有的净得 {own}。",
    "equal": "第一志愿{name}（效用 {utility}）与所得同样好，且尚有空位。",
    "ranked": "第一志愿{name}的席位由排序更靠前的人占满。",
    "quota": "第一志愿{name}所在的名额 {quota} 已达上限：{count} 人（最多 {upper} 人）。",
    "quota_paid": "第一志愿{name}所在的名额 {quota} 已达上限：{count} 人（最多 {upper} 人），该名额的价格为 {paid}。",
    "quota_floor": "所得选项在名额 {quota} 之内，下限 {lower} 人，现恰为 {count} 人，故未安排到第一志愿{name}。",
    "quota_floor_paid": "所得选项在名额 {quota} 之内，下限 {lower} 人，现恰为 {count} 人，为此计入补贴 {paid}，"
    "故未安排到第一志愿{name}。",
    "group_closed": "第一志愿{name}不在其联动组可去的范围内。",
    "group_partner": "同组的{partner}在第一志愿{name}所在的类别中没有可选项。",
    "group_seat": "同组的{partner}在第一志愿{name}所在的类别中没有可得的席位。",
    "group_sums": "在第一志愿{name}所在的类别中，全组合计最多 {there}，现有合计 {here}。",
    "group_joint": "在第一志愿{name}所在的类别中，全组不能同时得到更好的席位。",
    "blocked": "未能为其联动组找到稳定的安排；第一志愿{name}未能给予。",
    "whole": "整个方案最优（由搜索证明）；仅就其本人，第一志愿{name}的效用为 {utility}，所得为 {mine}。",
    "whole_open": "这是已找到的最好方案（尚未证明最优）；仅就其本人，第一志愿{name}的效用为 {utility}，所得为 {mine}。",
    "rivals": "占有第一志愿席位的有{holders}，其中效用最低的为 {least}。",
    "together": "全组 {size} 人在类别 {number}，合计效用 {utility}。",
    "together_priced": "全组 {size} 人在类别 {number}，合计效用 {utility}，合计净得 {reduced}。",
    "together_next": "次优类别是 {number}，合计最多 {reduced}。",
    "and": "、",
    "agent": "{agent}号",
}
EN: Final[Words] = {
    "worth": "utility {utility}",
    "priced": "utility {utility}, price of the seat {price}, net {reduced}",
    "priced_quota": "utility {utility}, price of the seat {price}, of its quotas {quota_price}, net {reduced}",
    "placed": "Placed at {name}: {worth}; no option is better.",
    "placed_member": "Placed at {name}: {worth}; no option in this class is better.",
    "placed_gap": "Placed at {name}: {worth}; the whole is at most {gap} below the best, so an option may be better by "
    "up to that.",
    "placed_gap_member": "Placed at {name}: {worth}; the whole is at most {gap} below the best, so an option in this "
    "class may be better by up to that.",
    "placed_open": "Placed at {name}: {worth}; the whole is not proven to be the best.",
    "placed_plain": "Placed at {name}: {worth}.",
    "unplaced": "Not placed: at the prices of the seats no option is better than staying out.",
    "unplaced_member": "Not placed, like its whole group: at the prices no class is better for them together.",
    "unplaced_plain": "Not placed.",
    "next": "The next best is {name}: {worth}.",
    "no_wish": "There is no option at all.",
    "got": "This is its first wish.",
    "no_seats": "The first wish {name} has no seats.",
    "not_acceptable": "Even the best option {name} is not better than staying out (utility {utility}).",
    "tier": "The seats of the first wish {name} are all taken by earlier tiers.",
    "placements": "The seats of the first wish {name} go to others who would have none, so that most are placed.",
    "price": "The first wish {name} (utility {utility}) costs {cost}: that leaves {reduced}, no more than the {own} it "
    "has.",
    "equal": "The first wish {name} (utility {utility}) is equally good and has a free seat.",
    "ranked": "The seats of the first wish {name} are held by agents that rank higher there.",
    "quota": "The first wish {name} is in quota {quota}, which is full: {count} of at most {upper}.",
    "quota_paid": "The first wish {name} is in quota {quota}, which is full: {count} of at most {upper}; its price is "
    "{paid}.",
    "quota_floor": "What it got is in quota {quota}, which needs at least {lower} and has {count}; so it is not at its "
    "first wish {name}.",
    "quota_floor_paid": "What it got is in quota {quota}, which needs at least {lower} and has {count}; that counts "
    "{paid} for it, so it is not at its first wish {name}.",
    "group_closed": "The first wish {name} is not open to its group.",
    "group_partner": "Agent {partner} of its group has no option in the class of the first wish {name}.",
    "group_seat": "Agent {partner} of its group can have no seat in the class of the first wish {name}.",
    "group_sums": "In the class of the first wish {name} its group would have at most {there} together; it has {here}.",
    "group_joint": "In the class of the first wish {name} its group cannot have better seats all at once.",
    "blocked": "No stable place was found for its group; the first wish {name} could not be given.",
    "whole": "The assignment as a whole is the best (proven by search); for it alone the first wish {name} counts "
    "{utility}, what it got {mine}.",
    "whole_open": "The assignment as a whole is the best that was found (not proven); for it alone the first wish "
    "{name} counts {utility}, what it got {mine}.",
    "rivals": "The seats of the first wish are held by {holders}; the least utility of a holder there is {least}.",
    "together": "Its group of {size} is in class {number}, together with utility {utility}.",
    "together_priced": "Its group of {size} is in class {number}, together with utility {utility}, net {reduced}.",
    "together_next": "The next best class is {number}, together at most {reduced}.",
    "and": ", ",
    "agent": "agent {agent}",
}
