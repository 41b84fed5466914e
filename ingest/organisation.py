"""Whose rules a manual states, guessed from its words.

Two readings are joined: a proper name (a company, a brand in front of 客服中心) and what kind of business the
words betray (淘宝, 商场, 保险 …). People who ask name either.
"""

from __future__ import annotations

import re
from collections import Counter

from ingest.cleaning import CJK

_COMPANY = re.compile(
    rf"(?<![{CJK}])([{CJK}]{{2,20}}?(?:股份|有限|责任|集团)+公司(?:[{CJK}]{{2,8}}?(?:分公司|支公司|营业部|办事处))?"
    rf"|[{CJK}]{{2,12}}?银行(?:股份有限公司)?[{CJK}]{{2,8}}?(?:分行|支行))"
)
_TITLE_COMPANY = re.compile(
    rf"^([{CJK}]{{2,10}}?(?:公司|集团|银行|医院|学院|大学|酒店|物业))(?=[{CJK}]*(?:客服|客户|服务|管理|员工|制度|手册|流程|规范|办法|守则|须知|细则|预案|标准|规定|规程))"
)
_LATIN_COMPANY = re.compile(r"\b((?:[A-Z][\w&.-]*\s){1,4}(?:Inc|Ltd|LLC|Corp|Corporation|GmbH|PLC)\b\.?)")
_LEAD_IN = re.compile("^.*(?:由|适用于|属于|根据|按照)(?=.{4})")
"""What leads up to a company's name where no mark parts them: 「本制度由…有限公司」."""
_VAGUE = re.compile(
    r"^(?:本|我|贵|该|各|某|在|与|和|为|对|向|由|的|是|凡|如|因|让|按|将|经|全|每|其|及|或|关于|商业|大型|股份|有限)|[xX]{2,}"
)
_BEFORE_DESK = re.compile(
    rf"(?:^|[\s。;；:：!！?？“\"(（《>]|您好[,，]?\s?(?:这里是|欢迎致电|欢迎拨打|我是)?)([{CJK}A-Za-z0-9]{{2,8}}?)(?=客服(?:中心|部|团队|热线|制度|管理|手册|话术)|客户服务(?:中心|部|大厅)|呼叫中心|热线|(?:报修|维修|售后)[\s(（xX]|[{CJK}]{{0,2}}为您服务)"
)
_GENERIC = re.compile(
    r"客服|客户|服务|呼叫|中心|公司|部门|员工|管理|人员|现场|制度|企业|本|我|各|该|由|与|和|向|对|为|的|是|在|如|等|及|于|将|按|应|需|请|第|全|有|能|都|可|"
    r"您好|欢迎|致电|完整|关于|相关|建立|成立|提高|规范|专业|优质|优秀|通过|根据|加强|工作|业务|先进|提供|任何|反馈|快乐|回访|用语|电话|工号|商场|酒店|医院|银行|物业|电商|平台|网店|淘宝|京东|[xX]{2}"
)
# Words that betray a kind of business. The first of a line is the descriptor; each word counts once per use.
_BUSINESSES: tuple[tuple[str, str], ...] = (
    ("淘宝网店", "淘宝|天猫|阿里旺旺|旺旺|千牛|淘店|支付宝"),
    ("京东店铺", "京东|咚咚|京麦"),
    ("拼多多店铺", "拼多多|多多客服"),
    ("抖音小店", "抖音|飞鸽|直播间|小店客服"),
    ("电商平台", "电商|电子商务|网购"),
    ("网店", "网店|店铺|宝贝|买家|拍下|催付|询单|转化率|店长|发货|网上.{0,4}购买"),
    ("商场", "商场|百货|购物中心|客服台|超市|卖场"),
    ("供暖", "供暖|供热|暖气|热力"),
    ("燃气", "燃气|天然气|煤气"),
    ("自来水", "自来水|供水|水费|停水"),
    ("供电", "供电|电网|停电|电费|电力公司"),
    ("保险", "保险|财险|寿险|保单|理赔|投保|承保|保费"),
    ("银行", "银行|信用卡|储蓄|网点柜面|贷款"),
    ("证券", "证券|股票|基金|期货"),
    ("通信", "通信|宽带|话费|移动业务|联通|电信|套餐资费"),
    ("物业", "物业|业主|小区|停车费"),
    ("酒店", "酒店|客房|入住|宾馆|前台接待"),
    ("餐饮", "餐饮|餐厅|菜品|外卖|堂食"),
    ("医疗", "患者|门诊|挂号|护士"),
    ("教育", "学员|学生|课程|家长|培训班|教务"),
    ("物流快递", "快递|物流公司|包裹|派件|揽收|运单"),
    ("旅游", "旅游|旅行社|景区|游客|导游"),
    ("航空", "航班|机票|登机|值机"),
    ("汽车", "汽车|4S店|试驾|车主"),
    ("家电", "家电|空调|冰箱|洗衣机|热水器|净水"),
    ("装修", "装修|设计师|量房|家装|施工队"),
    ("房地产", "楼盘|置业|房产|售楼"),
    ("预付卡", "充卡|充值卡|售卡|储值卡"),
    ("软件", "软件(?:产品|公司|升级|服务)|系统上线|版本更新|SaaS"),
    ("技术服务", "技术服务"),
    ("政务", "政务|办事大厅|行政审批|市民"),
    ("游戏", "(?<!玩)游戏(?:币|账号|服)|玩家|点券"),
    ("会员预订", "会员|预订"),
    ("服装", "服装店|服饰|女装|男装|童装"),
    ("按摩器", "按摩(?:器|椅|仪)"),
    ("化妆品", "化妆品|护肤|彩妆"),
    ("营业厅", "营业厅|服务大厅"),
    ("呼叫中心", "呼叫中心|坐席|座席|话务|热线"),
)
_GENERAL = frozenset({"呼叫中心", "营业厅", "技术服务", "软件", "会员预订"})
"""Kinds that many businesses have: named after the specific ones."""
_SERVICE = re.compile(r"客服|客户|顾客|用户|员工|坐席|业主|会员|乘客|学员|患者|旅客")
"""Without some of these words a text is no manual of a service, and its words betray no business."""
_KINDS = frozenset(kind for kind, _ in _BUSINESSES)
_MOST = 3


def organisation(title: str, body: str) -> str:
    """A name and a kind of business for the manual, e.g. 「大龙供暖(供暖)」; empty when its words tell nothing."""
    text = re.sub(rf"(?<=[{CJK}]) (?=[{CJK}])", "", body)
    name = _proper_name(title, f"{title}\n{body}")
    kinds = [kind for kind in _kinds(f"{title}\n{text}") if kind not in name]
    if name and kinds:
        return f"{name}({'、'.join(kinds)})"
    return name or "、".join(kinds)


def is_kind(words: str) -> bool:
    """Whether an organisation as `organisation` gives it is no name but kinds of business alone, or nothing."""
    return all(word in _KINDS for word in words.split("、") if word)


def _proper_name(title: str, text: str) -> str:
    headed = _TITLE_COMPANY.match(title)
    if headed and not _VAGUE.search(headed.group(1)):
        return headed.group(1)
    company: Counter[str] = Counter()
    for pattern in (_COMPANY, _LATIN_COMPANY):
        for match in pattern.finditer(text):
            name = _LEAD_IN.sub("", match.group(1).strip())
            if not _VAGUE.search(name) and len(name) >= 5:
                company[name] += 1
    if company:
        return max(company, key=lambda n: (company[n], len(n)))
    brand: Counter[str] = Counter()
    for match in _BEFORE_DESK.finditer(text):
        if not _GENERIC.search(match.group(1)) and len(match.group(1)) >= 2:
            brand[match.group(1)] += 1
    if not brand:
        return ""
    best = brand.most_common(1)[0][0]
    if text.count(best) < 2 and not title.startswith(best):
        return ""
    return max((name for name in brand if name.startswith(best)), key=len)


def _kinds(text: str) -> list[str]:
    """The kinds of business, most telling first: specific ones before general ones, then by uses."""
    if len(_SERVICE.findall(text)) < 3:
        return []
    counts = {kind: len(re.findall(words, text)) for kind, words in _BUSINESSES}
    order = {kind: at for at, (kind, _) in enumerate(_BUSINESSES)}
    found = sorted(
        (k for k in counts if counts[k] > (k in _GENERAL)),
        key=lambda k: (k in _GENERAL, -min(counts[k], 4), order[k]),
    )
    kept = found[:_MOST]
    if any(k.endswith("店铺") or k == "淘宝网店" for k in kept) and "网店" in kept:
        kept.remove("网店")
    return kept
