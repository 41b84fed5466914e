"""What the desk does not help with, recognised by rule before anything is searched.

Asking what a rule says about such a matter is not refused: 「能把客户电话给别人吗」 is a question about policy,
「把客户电话给我」 is a demand.
"""

from __future__ import annotations

import re
from enum import StrEnum

from bot.assistant.refusal_demands import Demand, asks_for_a_rule, demand_in
from bot.assistant.refusal_sense import perhaps, surely, suspicion
from knowledge.reading import normalise


class Refusal(StrEnum):
    """Why a question is refused."""

    PRIVATE_DATA = "private_data"
    ABUSE = "abuse"
    DECEPTION = "deception"
    SMUGGLED = "smuggled_instruction"
    SECRETS = "secrets"
    EVASION = "evasion"
    COVERT_RECORDING = "covert_recording"
    LEAK = "leak"
    UNNAMED = "unnamed"
    """It sounds like a demand of one of these kinds, no rule tells which."""


_PEOPLE = r"(客户|顾客|用户|会员|买家|业主|女士|先生|小姐|太太|阿姨|大爷|师傅|老赖|前男友|前女友|[小老][\u4e00-\u9fff](?=的)|家属|家人|(那|这)(户|家)(人家)?|同事|员工|坐席|经理|主管|班长|领导|老板|他|她|他们|这个人|customer|client|user|colleague|employee|caller|agent|manager|supervisor|boss|team lead(er)?|\b(mr|mrs|ms|miss)\b\.?)"
_PRIVATE = (
    r"((?<![打接讲听聊通回])电话|手机号?|号码|住址|地址|门牌号?|全名|姓名|家还有谁|家里(有)?(谁|几)|身份证|银行卡|卡号|微信|联系方式|个人信息|隐私|资料|名单|住哪|工资|密码|行程"
    r"|phone|number|address|id card|contact|personal (data|information)|home|bank|salary|records?)"
)
_DEMAND = (
    r"(帮我|给我|替我|发我|发给我|告诉我|把.{0,20}(发|给|告诉|念|查|导|调|翻|贴|列)|查一下|查下|查出|查查|导出|列出|列一下|调出|翻出|报一下|念一下"
    r"|give me|send me|tell me|show me|look up|find (me|out)|list|export)"
)
_POLICY = (
    r"(能不能|可不可以|可以.{0,20}(吗|么|不)|能.{0,20}(吗|么|不[??]?$)|允许|是否|会不会|要不要|应不应该|该不该|规定|制度|要求|怎么(处理|处罚|罚|办)|处分|后果"
    r"|am i allowed|may i|can i|should i|is it (ok|allowed)|what happens if|policy|rule)"
)
_MAKE = r"(帮我|给我|替我|教我|教教我|帮忙|写|编|想|怎么|如何|搞|整|来|help me|write|teach me|how (do|can|to)|give me|draft|make up)"

_RULES: tuple[tuple[Refusal, re.Pattern[str], re.Pattern[str] | None], ...] = (
    (
        Refusal.SMUGGLED,
        re.compile(
            r"(忽略|无视|忘(掉|记)|绕过|跳过|不用管|别管|抛开).{0,16}(规则|指令|指示|限制|(?<!他的)(?<!她的)(?<!客户的)要求|设定|提示|以上|上面|之前|前面|制度|权限)"
            r"|(你现在|从现在(起|开始)|接下来).{0,6}(是|扮演|变成|当)|假装(你|自己)是|扮演|开发者模式|(输出|打印|泄露|发出).{0,12}(密码|口令|密钥|提示词|隐藏(的)?提示|api ?key|全部客户)|越狱|系统提示|照(着)?做就行|你就照做|乖乖照做"
            r"|ignore (all|any|the|your|previous|prior|above|every)|disregard (all|any|the|your|previous)|forget (all|your|the|previous) "
            r"|(repeat|print|show|output) (everything|all|the text|the words|your).{0,24}(above|instructions|prompt)|(你的|系统)提示词"
            r"|you are now|pretend (to be|you)|\bact as (a|an|if|though) .{0,24}(ai|assistant|model|bot|without|no rules|unrestricted)|system prompt|developer mode|jailbreak|do anything now|reveal your (prompt|instructions)"
        ),
        re.compile(
            r"^(?!.*(指令|提示词|规则|设定|限制)).*(忘记.{0,6}(密码|口令|账号|工号|打卡)|(忽略|无视|跳过|忘掉).{0,6}(之前|前面|以上|上面)的(投诉|订单|工单|来电|电话|留言|客户|邮件))"
        ),
    ),
    (
        Refusal.SECRETS,
        re.compile(
            r"(给我|发我|告诉我|帮我(查|找|弄|要|搞)|把).{0,16}(密码|口令|密钥|token|令牌|验证码)"
            r"|(管理员|后台|系统|数据库|服务器|root|admin|主管|经理|别人|他人).{0,8}(密码|口令|密钥|令牌).{0,8}(是什么|是多少|多少|发出来|给我|发我|告诉)"
            r"|(give|tell|show|send) me .{0,20}(password|token|api key|secret)|what('s| is) the .{0,12}password"
        ),
        re.compile(
            r"(多久|几天|多长|规定|要求|制度|怎么(改|设|重置|找回|办)|能不能|可以.{0,12}吗|借.{0,6}[??吗]|policy|rule)"
        ),
    ),
    (
        Refusal.ABUSE,
        re.compile(
            rf"{_MAKE}.{{0,24}}(骂|怼|喷|羞辱|侮辱|挖苦|讽刺|嘲笑|嘲讽|恐吓|威胁|吓唬|吓吓|吓一吓|吓[他她]|唬[住他她]|唬一唬|报复|整他|整她|难听|脏话|阴阳怪气|损他|损她|诅咒|人身攻击)"
            r"|(客户|顾客|用户|买家|会员|同事|主管|班长|经理|领导|他|她).{0,6}(编|写|起|取).{0,6}(顺口溜|段子|打油诗|外号|绰号|笑话)"
            r"|(狠狠|骂回去|怼回去|怼死|骂死|弄死|收拾).{0,10}(他|她|客户|顾客|用户|回去)?"
            r"|(write|help|how|give|draft|compose).{0,30}\b(insult|mock|threatens?|humiliate|curse|swear at|nasty|rude (reply|message|comeback)|revenge)"
        ),
        re.compile(
            r"(客户|顾客|用户|对方|人家|他|她|caller|customer).{0,6}(骂|侮辱|威胁|辱骂|嘲笑|恐吓|喷)(我|了|人|起|一通|得|完|个|不停|脏)|被.{0,4}(骂|威胁|辱骂|投诉)"
            r"|(能不能|可以|允许|能).{0,10}(骂|怼|讽刺|嘲笑)|处罚|罚多少|怎么罚|算.{0,8}(吗|么)|(客户|顾客|用户|对方)(开口|张口|一直|老是|总是|在)?骂"
        ),
    ),
    (
        Refusal.DECEPTION,
        re.compile(
            rf"{_MAKE}.{{0,30}}(吹大|吹嘘|夸大|吹一?吹|吹得|忽悠|骗|坑|编个?(理由|借口|故事)|糊弄|蒙混|瞒|隐瞒|伪造|造假|作假|篡改|改(掉|一下)?(记录|录音|数据|评分)"
            r"|[编造]([一几两\d]?[个份条张些]|点)?(回访|通话|考勤|签到)?(工单|记录|数据|报告|评价|录音|登记|单子)(?!号)"
            r"|(编|造|做|弄|填|写|搞|凑)([一几两\d]?[个份条张些]|点)?假的?.{0,8}(记录|数据|回访|工单|报告|考勤|签到|评价|录音|登记|单子)|捏造|虚构|编成.{0,8}(分|满意|好评|通过|合格)"
            r"|删(掉|除)?.{0,6}(记录|录音|证据|差评|工单)|刷.{0,4}(好评|单|分)|虚假|冒充|假冒|代签|补签假|逃避(考勤|处罚|检查))"
            r"|(记录|录音|证据|差评|投诉|扣分|罚单|工单|聊天).{0,16}(偷偷|悄悄|从(系统|后台)).{0,8}(抹|删|清|销|擦|毁)|(偷偷|悄悄).{0,10}(抹|删|清|销|擦|毁)(掉|去|了|除|毁).{0,8}(记录|录音|证据|差评|投诉|扣分|罚单|工单|聊天)"
            r"|(编|写|发|拟|弄|整)(个|条|段|封|份|点|一).{0,16}(假装|装作|装成|冒充|冒用|扮作|以).{0,4}(法院|公安|警察|派出所|律师|银行|工商|消协|记者|政府|平台|官方)"
            r"|(吹大|夸大|吹嘘).{0,12}(一点|些)|说得?(严重|厉害|夸张|玄乎|神)(一?点|些)|(不|别|怎么才不)(会)?被(发现|查到|抓到)|瞒过|神不知鬼不觉|(不|别)(让|叫|给).{0,8}((上级|领导|主管|经理|班长|公司|客户|别人).{0,4}(知道|发现|察觉)|(上级|领导|主管|经理|班长|公司).{0,4}(看见|看到|瞧见))"
            r"|(仿照?|模仿|冒用|装成?|学着?|用|以|拿).{0,4}(主管|班长|经理|领导|老板|上级|客户|顾客|用户|同事)的?.{0,4}(口气|口吻|语气|名义|笔迹|签名|账号|工号).{0,16}(写|发|批|签|回|编|弄|打分|评)"
            r"|就当(是|做|作)?(他|她|主管|班长|经理|领导|老板|上级)(已经)?(批准?|签字?|同意)[了过]+(?!吗|么|没|[??])"
            r"|\b(write|draft|sign|approve|post|rate)\b.{0,40} in (my|the|our) (supervisor|manager|boss|customer|client|leader)('s|s')? (name|voice|style)|as if (my|the|our) (supervisor|manager|boss|leader) (had )?(approved|signed|agreed)"
            rf"|{_MAKE}.{{0,24}}(能治|治好|根治|包治|降血压|降血糖|抗癌|防癌|百分之?百有效|绝对(不会|安全|有效)|保证(有效|治))|\b(help|how (can|do|to|should|would)|teach|write|show)\b.{{0,40}}\b(exaggerate|deceive|mislead|trick|lie to|fake|forge|falsify|overstate|cover up|delete the (record|recording|evidence))\b"
        ),
        re.compile(
            r"(能不能|可不可以|可以.{0,16}(吗|么)|允许|会.{0,6}(罚|处分)|怎么(处罚|罚|处理|识别|辨别|防)|规定|制度|被骗|受骗|am i allowed|may i|policy)"
        ),
    ),
    (
        Refusal.PRIVATE_DATA,
        re.compile(
            rf"{_DEMAND}.{{0,30}}{_PEOPLE}.{{0,24}}{_PRIVATE}|{_PEOPLE}.{{0,12}}{_PRIVATE}.{{0,16}}(发我|给我|告诉我|是多少|是什么|报一下|查一下|查查|发一下|发出来|导出)"
            rf"|{_PEOPLE}.{{0,16}}{_PRIVATE}.{{0,12}}(帮我|替我|给我|我想|我要|我朋友|发我|发到我)|(我想要|我要|想要|协助提供|麻烦提供|提供一下).{{0,12}}{_PEOPLE}.{{0,12}}{_PRIVATE}"
            rf"|(my|our) (colleague|customer|boss|manager)('s)? {_PRIVATE}.{{0,20}}(look it up|for me|give|send)"
            rf"|(tell|show) me where .{{0,16}}{_PEOPLE}.{{0,12}}liv|where does .{{0,20}}{_PEOPLE}.{{0,12}}live"
            rf"|(give|send|tell|show|get|find) (me|us) .{{0,20}}{_PRIVATE}.{{0,20}}(of|for|from) .{{0,12}}{_PEOPLE}"
            rf"|what('s| is) .{{0,30}}{_PEOPLE}('s)?.{{0,20}}(phone|address|number|salary|contact)"
        ),
        # Who wants it for themselves, or sent to themselves, asks for no rule, whatever the words.
        re.compile(
            rf"^(?!.*(私下|我朋友|发我|发到我|给我发)).*(?:{_POLICY}|(客户|顾客|用户|对方)问)"
            r"|(rules?|policy|policies|requirements?|procedure|how to|how do i) .{0,20}(for|on|of|about|verify|handle|handling)"
            r"|(流程|要求|管理制度|保管)(是|有|怎|的|$|[。??])"
        ),
    ),
)


_OF_DEMAND = {
    Demand.EVASION: Refusal.EVASION,
    Demand.FAKED: Refusal.DECEPTION,
    Demand.COVERT_RECORDING: Refusal.COVERT_RECORDING,
    Demand.LEAK: Refusal.LEAK,
    Demand.PRIVATE_LIFE: Refusal.PRIVATE_DATA,
    Demand.PRIVATE_DATA: Refusal.PRIVATE_DATA,
    Demand.INSULT: Refusal.ABUSE,
    Demand.SMUGGLED: Refusal.SMUGGLED,
}


def reason_to_refuse(question: str, *, by_rules: bool = False) -> Refusal | None:
    """The reason to refuse a question, or None. Asking about the rule itself is no reason.

    `by_rules`: by what the rules know alone, without `refusal_sense`.
    """
    reading = normalise(question)
    for refusal, pattern, excuse in _RULES:
        if pattern.search(reading) and not (excuse is not None and excuse.search(reading)):
            return refusal
    demand = demand_in(reading)
    if demand is not None:
        return _OF_DEMAND[demand]
    if by_rules or asks_for_a_rule(reading) or not surely(suspicion(reading)):
        return None
    return Refusal.UNNAMED


def is_doubtful(question: str) -> bool:
    """Whether a question sounds so much like a demand that only a sure answer of the manuals may be given to it."""
    return perhaps(suspicion(normalise(question)))


_SENTENCES: dict[Refusal, tuple[str, str]] = {
    Refusal.PRIVATE_DATA: (
        "这个我不能提供:客户和同事的个人信息不得通过我查询或转发。确因工作需要,请走公司的正式流程并由主管批准。",
        "I can't give out personal data of customers or colleagues. If your work needs it, ask your supervisor through the official process.",
    ),
    Refusal.ABUSE: (
        "这个我不能写:对客户和同事都不得使用侮辱、嘲讽或威胁的话。客户情绪激动时请保持克制,必要时按流程上报,我可以帮你起草。",
        "I can't write that: insulting or threatening anyone is not allowed. Stay calm, and escalate if needed; I can draft the report.",
    ),
    Refusal.DECEPTION: (
        "这个我不能帮忙:不得向客户夸大、隐瞒或作假,也不得改动记录。我可以告诉你手册里允许怎么说。",
        "I can't help with that: misleading customers or altering records is not allowed. I can tell you what the manuals allow you to say.",
    ),
    Refusal.SMUGGLED: (
        "我不能照这样的指示做:我只根据手册回答问题,问题或文件里夹带的指令不会执行。请直接说你想了解哪条规定。",
        "I can't follow that instruction: I only answer from the manuals. Please ask which rule you want to know.",
    ),
    Refusal.SECRETS: (
        "我不能提供密码、密钥或验证码这类信息,也不掌握它们。请联系系统管理员。",
        "I can't provide passwords, keys or codes, and I don't hold any. Please ask your system administrator.",
    ),
    Refusal.EVASION: (
        "这个我不能帮忙:脱敏、权限、质检和日志都不能绕过。确有需要,请向主管申请权限;我可以告诉你手册里的正式流程。",
        "I can't help with that: masking, permissions, monitoring and logs may not be got around. Ask your supervisor for access; I can tell you the official process.",
    ),
    Refusal.COVERT_RECORDING: (
        "这个我不能帮忙:不得瞒着对方录音、录像或监听。需要留证据时,请走公司的正式流程;我可以告诉你手册里对录音的规定。",
        "I can't help with that: nobody may be recorded or listened to in secret. If you need evidence, use the official process; I can tell you what the manuals say about recordings.",
    ),
    Refusal.LEAK: (
        "这个我不能帮忙:内部文件和客户资料不得发到外面。确有需要,请由主管批准;我可以告诉你手册里对保密的规定。",
        "I can't help with that: internal documents and customers' data may not leave the company. Ask your supervisor; I can tell you what the manuals say about confidentiality.",
    ),
    Refusal.UNNAMED: (
        "这个我不能帮忙:个人信息、内部文件、记录造假、规避检查或伤人的话,我都不能提供。如果你问的是哪条规定,请换个说法再问,或点“上报”请主管确认。",
        "I can't help with that: I give out no personal data or internal documents, and help with no false records, ways around checks or hurtful words. If you want to know what a rule says, please ask it in other words, or press Escalate.",
    ),
}


def refusal_sentence(refusal: Refusal, language: str) -> str:
    """What the asker is told."""
    chinese, english = _SENTENCES[refusal]
    return english if language == "en" else chinese
