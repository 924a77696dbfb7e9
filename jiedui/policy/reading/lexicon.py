"""词表: the words by which a sentence says who helps whom, each with the symbol that the grammar uses.

Order matters: the first alternative that fits wins, so longer and more special words stand first. Places (symbol P),
clauses between commas and text that no word covers (W) are made by the tokeniser in `grammar.py`.
"""

from __future__ import annotations

import re
from typing import Final

HELP: Final = "帮扶|支援|援助|援建|帮助|扶持|协作|帮困|帮带"
_KIND: Final = "东西部|对口|结对|定点|挂钩|携手|扶贫|扶志"
_UNIT: Final = "省区市|省区|省市|市州|州市|省份|地区|地市|旗县|县区|区县|县市|城市|贫困县|省|市|州|县|区|旗|地|方|单位"
_COUNT: Final = "(?:[两二三四五六七八九十]|[0-9]){1,3}"

WORDS: Final[tuple[tuple[str, str], ...]] = (
    # negated, past or not yet: no pairing is read where one of these stands
    (
        "X",
        "不再|停止|终止|取消|撤销|解除|结束|禁止|避免|反对|不得|不是|并非|没有|尚未|未(?!来)|不(?!断|仅|但|同|少|懈|得|变)",
    ),
    ("X", "原先|原来|(?<![草高平中荒太])原(?![则有因料始本文创平阳])|曾经?|此前|以前|过去|历史上|除(?!了)"),
    (
        "H",
        "拟(?!定)|建议|如果|假如|倘若|若(?![干尔羌])|是否|能否|可否|有望|(?<!行动)计划|考虑|酝酿|争取|力争|希望(?!工程|小学)",
    ),
    ("H", "据传|据说|网传|传闻|听说|有消息称|未能证实|谣言|呼吁|倡议(?!书)|提议"),
    # labels
    (
        "n",
        f"(?:被|受)(?:{HELP}|援|扶)(?:的)?(?:{_UNIT})?|(?:{_KIND})*(?:{HELP})(?:的)?(?:对象|地区|地|市州|州市|旗县|贫困县|县)",
    ),
    ("n", "受援(?:的)?(?:地区|地|方|单位|省份|省|市|州|县)?|(?:西部|结对)?被帮扶(?:地区|方)?"),
    (
        "N",
        f"(?:{_KIND}|东部)*(?:帮扶|支援|援助)(?:的)?(?:责任)?(?:省区市|省市|省份|城市|单位|主体|方|省|市|区)(?![一-龥]*?帮扶)",
    ),
    ("N", "(?:东部)?帮扶者|援方|援助方"),
    ("M", f"(?:{_KIND})*(?:结对|协作|合作|对口)(?:的)?(?:省区市|省市|省份|城市|地区|市州|单位|对象|方|市|县)"),
    # verbs
    ("V", f"(?:{_KIND})*(?:{HELP})(?:[、和与及]?(?:{_KIND})*(?:{HELP})|合作)*[着了]?"),
    ("S", "结对(?:共建|联系|子)?|结(?:为|成)(?:对子|亲戚)|(?:结为|结成)|对子"),
    ("O", "负责|承担|牵头|包干"),
    ("R", "接受|得到|获得|受到|受"),
    ("G", "分别|各自|依次|分头"),
    ("g", "各(?!地|省|级|部|项|类|界|族)"),
    # little words
    ("U", "(?:改|交|转|均|都|统一|明确|确定)?由"),
    ("B", "被"),
    ("T", "对|向"),
    ("E", "的"),
    ("Q", f"等(?:{_COUNT}个?)?(?:东部|西部|中西部)?(?:{_UNIT})?"),
    ("q", f"{_COUNT}个?(?:{_UNIT})"),
    ("J", "任务|工作|责任|职责|事宜|事项|机制"),
    ("r", "关系"),
    ("w", "(?:打赢|实现|推进|巩固|开展)?脱贫(?:攻坚)?(?:成果|任务|工作|战)?|全面建成小康社会|乡村振兴"),
    (
        "a",
        "(?:国家级|深度|国定)?贫困(?:地区|县|州|市)|革命老区|民族地区|(?:东|西|中)部(?:地区|省份)?的?|本?省内的?|位于",
    ),
    # passed over
    ("A", "(?:从|自)?[0-9]{4}年(?:[0-9]{1,2}月)?(?:[0-9]{1,2}日)?(?:起|开始|以来|后)?|(?:从|自)(?:本年|今年|即日)起"),
    ("L", "开展|实施|进行|给予|提供|实行|建立|形成|确立|组织|启动"),
    ("+", "并且?|同时|还|又|另外?|此外|以及|及|和|与|同"),
    (
        "A",
        "继续|将|要|应当?|须|重点|主要|共同|联合|具体|一并|新增|仍然?|也|再|全面|正式|开始|今后|现在|现|则|均|都|其中",
    ),
    ("A", "(?:保持|维持)?不变|而是|转而"),
    (
        "A",
        "明确|确定|调整为|调整|改为|已经?|一直|长期|逐步|进一步|积极|主动|单独|独立|全力|倾力|携手|目前|至今|任|我",
    ),
    ("A", f"(?:以下|下列|如下)(?:{_COUNT}个?)?(?:{_UNIT})?"),
    ("I", "分别为|分别是|是|为|系|即|有|包括|包含"),
    ("K", "—+[＞>]|[-–]+[＞>]|=+[＞>]|[→⇒⟶➔➡]|[←⇐]|[＜<][-–—=]+(?![>＞])|↔|<-+>|—+|–+|－+|-+|[~～]+|―+|─+"),
    ("C", "[:：]+"),
)
"""Symbol and pattern. X negation or past, H supposition, N donor's label, n recipient's label, M label of either,
V verb, S 结对, O 负责, R 接受, G 分别, g 各, U 由, B 被, T 对, E 的, Q 等, q a count, J 任务, r 关系, w the aim,
L light verb, + 并, a an attribute of the place behind it, A adverb, I 是, K dash or arrow, C colon."""

WORD: Final = re.compile("|".join(f"(?P<w{i}>{pattern})" for i, (_, pattern) in enumerate(WORDS)))
SYMBOLS: Final = tuple(symbol for symbol, _ in WORDS)

CERTAIN_LABEL: Final = re.compile("方|单位|主体|者|对象|受|被")
"""In a label: its direction is certain; 帮扶城市 can be the one that helps or the one that is helped."""
LABEL: Final = re.compile("|".join(pattern for symbol, pattern in WORDS if symbol in "Nn"))
LABELS: Final = re.compile(
    "(?P<recipient>受援|被帮扶|受帮扶|帮扶对象)|(?P<donor>(?:帮扶|支援|援助)(?:方|单位|省|市|主体|城市))"
)
"""The sides as a heading names them: 帮扶方—受援方."""
CONNECTOR: Final = re.compile("[、/／&]+(?:以及|及其|及|和|与|同|暨)?|以及|及其|及|和|与|同|暨|跟")
SEPARATOR_IN_CELL: Final = re.compile("[、/／&，,；;]+(?:以及|及|和|与)?|以及|及其|及|和|与|同|暨")
HELP_WORD: Final = re.compile(f"{HELP}|结对|对口")
FOLLOWS: Final = re.compile(
    "$|[^一-龥]|以及|及|和|与|同|暨|由|交由|改由|被|的|对|向|为|是|系|有|等|帮|援|扶|支援|协作|结|定点|挂钩|携手|东西部|受|分别|各|依次|负责|承担|牵头|"
    f"接受|得到|获得|开展|实施|进行|建立|形成|继续|将|要|应|重点|主要|共同|联合|仍|也|还|则|均|都|并|另|不|未|停止|终止|取消|曾|原|拟|包干|{_COUNT}个?(?:{_UNIT})|"
    "脱贫|从|自|启动|再|已|现|今后|正式|具体|新增|全面|倾力|全力|分头|各自|除|所辖|下辖|所属|任务|工作|关系|组织|目前|今|积极|主动"
)
"""What may stand right behind a place; anything else means that the place's name goes on or that it is no place."""
NAME_LIKE: Final = re.compile("[一-龥]{2,12}?(?:自治[区州县旗]|地区|新区|开发区|特区|林区|兵团|省|市|州|盟|县|区|旗)")
VERB_EDGE: Final = re.compile(f"(?:{_KIND})*(?:{HELP})|结对|对口|分别|负责|承担")
STARTS_LIKE_A_CONTINUATION: Final = re.compile(
    f"[、，,：:；;。）)]|(?:和|及|与|以及|同)(?!平|田|政|顺|静|硕|龙|布|林)|(?:{_KIND})*(?:{HELP})|结对|由|被|分别|各自|继续|将|负责|承担|的|为|是|等"
)
ENDS_OPEN: Final = re.compile(
    f"(?:[、，,（(]|和|及|与|以及|由|被|的|对|为|是|分别|负责|承担|继续|(?:{_KIND})*(?:{HELP}|对口|结对))$"
)
COUNTERPART: Final = re.compile("对口支援|援藏|援疆|援青")
TOGETHER: Final = re.compile("共同|联合|(?<!成)都(?!市|匀)|均|合力|一起")
"""Several donors help each of several recipients."""
ONE_TO_ONE: Final = re.compile("(?:一一|分别|依次|逐一)对应")
ENDED: Final = re.compile(
    "(?<![未不])(?:取消|停止|终止|撤销|解除|结束|中止|暂停|作废|失效|到期|脱钩)|不再(?:帮扶|结对|支援|协作|执行|保留|承担)|已(?:调整|变更)(?!为)"
)
"""What a cell or a note says of a pairing that no longer holds."""
_LASTING: Final = re.compile(
    "原(?:有|来|先|定)?(?:的)?(?:结对|帮扶|对口|协作|支援)|取消|停止|不再|终止|结束|撤销|解除|失效|调整前|拟|建议|历史|以前|[0-9]年前|此前|过去|曾经"
)
_RENEWED: Final = re.compile("调整(?!前)|现(?!已)|新|改")


def undone(lead: str) -> bool:
    """不是现行: whether the words that lead a list in say that what follows no longer or not yet holds."""
    last = re.split("[，,]", lead)[-1]
    return bool(_LASTING.search(last)) and not _RENEWED.search(last)
