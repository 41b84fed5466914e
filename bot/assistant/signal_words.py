"""The words by which a report is understood, in Chinese and English: one pattern per sign."""

from __future__ import annotations

import re

_EDGE = r"(?:(?<![A-Za-z0-9_])(?=[A-Za-z0-9_])|(?<=[A-Za-z0-9_])(?![A-Za-z0-9_]))"


def edged(pattern: str) -> str:
    """The pattern with word edges that also lie between Latin and Chinese: 我们team leader每天."""
    return pattern.replace(r"\b", _EDGE)


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile(edged("|".join(alternatives)), re.I)


# -- who is spoken of ---------------------------------------------------------------------------
GENERAL_MANAGER = r"总经理|老总|总裁|大老板|(?<![个位名客\*])老板(?!娘|打|进来|来电|说他)|general manager|\bCEO\b|\bGM\b|the boss"
MANAGER = r"(?<!总)(?<!产品)(?<!客户)(?<!项目)(?<!大堂)(?<!店)(?:部门)?经理|(?<!general )(?:department |centre |center )?manager"
SUPERVISOR = r"(?:现场|客服|值班|当班)?主管|店长|督导|(?:floor |duty )?supervisor"
LEADER = r"(?:当班|值班|现场)?(?:班长|组长)|值班长|带班|领导|(?:shift |team |group |my |our |the )?\bleaders?\b|(?:shift|team|group) leads?\b"
ALL_SUPERIORS = _words(
    r"(?:所有|全部|几个|两个|各级|哪个|一个|上面的?)(?:上级|领导|负责人)(?:们)?(?:都|也|全)",
    r"领导们?(?:都|全都?|一个都)",
    r"(?:no|none of the|all(?: the| my)?) (?:superiors?|leaders?|supervisors?|managers?)",
    r"nobody (?:above me|in charge)",
)
CUSTOMER = _words(
    r"客户|用户|顾客|业主|会员|买家|机主|住户|来电人|来电者|投诉人|家属|乘客|患者|对方",
    r"\b(?:customer|client|caller|guest|buyer|patient|subscriber|passenger)s?\b",
)

# -- where a superior stands --------------------------------------------------------------------
UNREACHABLE = _words(
    r"(?:均|皆|都|也|仍|一直)?未(?:能)?(?:接(?:通|听)?(?!受)|回(?:复|电|应)?(?!访)|应答|联系上|取得联系|到岗|返岗?)|联系未果|off-?line|离线|(?:不|没)在线|被[^，。,\s]{0,8}(?:推倒|打(?:伤|了|破|倒|得)|停职|撤职|免职|带走|捅(?:伤|了)|砸伤|撞伤|撞倒|烫伤|打晕)|(?:人)?(?:已经)?(?:送医|送去?医院)|不当班|没当班|没(?:有)?人(?:顶|代)(?:班|岗|替)?(?=$|[，。,\s!！])|封闭(?:培训|学习|会议|开会)|手机(?:统一|都)?(?:上交|被收|收了|静音)|(?:未|没)(?:能)?接通|已读不回|(?:一直)?(?:嘟|忙音)|欠费停机|空号|轮休|午休|补觉|请了?年假|陪产|[不没]见(?:着|到)?人?影?$",
    r"联系不[上到着]|联络不[上到]|打不通|不通|没(?:有)?人接|无人接听|[不没](?:有)?接(?!受|待|触|班|到)|关机|停机|失联|找不[到着]|没找到|没联系上|没打通",
    r"占线|忙线|通话中|语音信箱|语音留言|呼叫转移|信号不好|没信号|没带(?:手机|电话)|手机(?:没电|丢|落|坏)|开[^，。,\s]{0,4}会(?!说|通知|讨论|宣布|议|员)|参加[^，。,\s]{0,8}(?:会|培训|活动|考试|婚礼|葬礼)|(?:赶|坐|乘)[^，。,\s]{0,3}(?:飞机|高铁|火车|动车)|(?:高铁|火车|动车|手术|飞机)上|(?:做|动)手术|奔丧|住院|隔离|(?:打|拨|呼)了?[^，。,\s]{0,8}(?:没人|无人|不通|没通|没反应|没回)|(?:信息|消息|微信|短信|钉钉)(?:也|都)?(?:没|不)(?:有)?回|没来得及联系上|叫不(?:到|应)|喊不(?:到|应)|(?:还|都|也)?没(?:到岗|到)(?!账|货|期|底|达)|回老家|旅游|旅行|度假|值完班|下夜班|睡(?:着|觉)了|交(?:完)?班走|提前走|先走|走了",
    r"没(?:有)?回(?!家)|不回(?!家)|没(?:有)?上班|没来|请假|休假|出差|休息|调休|病假|(?:不|没)在(?!乎|意|理|状态|线上吵)|走开|下班|没找着|人影|不见人|不知(?:道)?(?:去|跑|在)哪|去(?:了)?(?:总部|外地|培训|医院|厕所|开会|吃饭|食堂|别的)|在(?:培训|外地|总部|路上|医院|吃饭)|住院|生病|病了|病倒|(?<!把)离职(?!同事|员工|的人|人员|手续)|调走|(?:产|丧|婚)假|在飞机上|开会(?!说|通知|讨论|宣布)|外出",
    r"unreachable|can'?t (?:be )?reach|cannot (?:be )?reach|couldn'?t (?:be )?reach|could not reach|not reachable|unable to reach|no answer",
    r"(?:not|n't|isn't|aren't) (?:answer|pick|respond|reply|available|in\b|here|around)|on (?:sick |annual )?leave|on a (?:business )?trip|out of (?:the )?office|(?:phone|radio|line|mobile|cell|walkie[- ]talkie) is (?:dead|off|flat|busy|out)|\baway\b|\babsent\b|phone (?:is |was )?off|unavailable|off (?:duty|sick|today)|on vacation|on holiday|\bon (?:a|the|the same) (?:flight|plane|train|bus|road)|went home|has (?:gone|left)|(?:have|had) (?:gone|left)|already left|(?:at|in) (?:a|the|an)? ?(?:\w+ )?(?:meeting|conference|lunch|hospital|dentist|headquarters|surgery|seminar|training)|has(?:n'?t| not) (?:answered|replied|responded|come|arrived|called back)|have(?:n'?t| not) (?:answered|replied|responded)|on (?:maternity|paternity|parental|unpaid) leave|(?:voicemail|straight to voice ?mail)|doesn'?t (?:answer|pick up|reply|respond)|won'?t (?:answer|pick up)|didn'?t (?:answer|pick up|reply|respond)|not (?:picking up|answering|replying)|nowhere to be found|abroad",
)
REACH_OBJECT = re.compile(
    r"(?:联系不[上到着]|联络不[上到]|打不通|找不[到着]|没找到|没联系上|联系过|can(?:'?t|not) (?:reach|find|get hold of)|could(?:n'?t| not) (?:reach|find|get hold of)|unable to reach)$",
    re.I,
)
_RUNG = r"(?:现场)?(?:主管|经理|总经理|老总|上级|上面|领导|总部)"
CANNOT = _words(
    r"(?:只有|必须|得|要)(?:由|是)?(?:现场|客服|部门)?(?:店长|主管|经理|总经理|老总|上面|上级|领导|总部)(?:本人|自己|亲自)?(?:才)?(?:能|可以|有权|有资格)?(?:决定|拍板|说了算|做主|签字|批准)",
    r"(?:顶多|最多|至多|只能|只)(?:能|可以)?(?:批|给|免|退|签|定)(?:到)?[^，。,\s]{0,4}[0-9一二三四五六七八九十百千万]|插不(?:上|了)手|够不着|管不到|(?:让|叫|要|喊|建议)(?:我|我们|你)?(?:再|直接|先)?(?:往上(?:走|递|反映)|往[^，。,\s]{1,6}(?:报|走|递|反映|交))|退回来?(?:了)?[^，。,]{0,4}(?:说|要)[^，。,]{0,8}(?:经理|总经理|上面|总部)|(?:批|签|定)[^，。,\s]{0,4}(?:到不了|够不上)",
    r"(?:only|just) (?:the )?(?:\w+ ){0,2}(?:manager|supervisor|gm|director|head|ceo)s?[^.!?\n]{0,14} (?:can|may|could|is allowed to) (?:sign|approve|decide|authori[sz]e)|sent (?:it|this|that) back|(?:up to|at most|no more than|max(?:imum)?)[^.\n]{0,6}\d[\d,]*[^.\n]{0,12}(?:limit|himself|herself)|over (?:his|her|their) limit",
    rf"超(?:出|过)?(?:了)?(?:他|她|其|本级|自己|班长|主管)?(?:的|这级)?(?:审批|授权|权限|职权|额度|范围|级别|线)|(?:他|她|口子|自己)[^，。,\s客]{0, 6}[\u4e00-\u9fff]不(?:了|下)(?:字|主|口|的|$|[\s，,。])|签不(?:了|下)|批不动|(?:让|由|叫|等|得|须)(?:他们|找)?(?:现场)?(?:主管|经理|总经理|老总|上级|上面|总部)(?:来|亲自)?(?:定|批|审|决定|处理|签|出面|点头|授权)|(?:得|去)(?:问|找|请示)(?:一下)?{_RUNG}|(?:转呈|转请|呈报|报请|提请)(?:上一?级|{_RUNG})|没招|没下文|没给话|谈拢|不买账",
    r"没(?:有)?(?:这个|这|那个|那么大的?|处理)?(?:的)?(?:权限|权力|权)|权限不[够足]|无权|(?:解决|处理|决定|答复|回答|批|管|定|弄|办|答|回)不了|做不了主|拿不(?:了|定)主意|搞不定|不敢(?:定|批|做主)",
    r"也?没(?:有)?办法|没辙|也不(?:知道|清楚|会|懂)|(?:让|叫|要|喊|建议)我(?:们)?(?:再|去|自己|直接|先)?(?:往上|向上|逐级|上报|找|问(?!问?(?:你|您)[，。,\s])|报|请示|联系|跟|向)(?!(?:他|她|写|记|补|把|登记))",
    r"说等(?!一?下|等|会儿?|我)|(?:要|得|需要|等|看)(?:现场)?(?:主管|经理|总经理|老总|上级|上面|领导)(?:来)?(?:批|定|决定|同意|点头|拍板|签字|回来|来了|上班|发话|意见)|说了不算|说不上话|不(?:吭声|表态|签字|敢签)|没(?:表态|吭声|签字)|(?:再|要)(?:看看|研究|等等)(?:吧|再说)|(?:谈|压|劝|说|安抚|摆|拦)不(?:下来|动|住|通|拢|平)|(?:让|叫|要)我[^。！!？?，,\n]{0,8}(?:交|递|发|转|提交|报|写|送|呈)(?:给|到)?(?:现场)?(?:主管|经理|总经理|上级|上面)|管不了|管不着|爱莫能助|踢皮球|(?:让|叫|要|喊)(?:我)?(?:来)?(?:问|找|请示|求)(?:一下|一声|下)?(?:您|你们?(?!们?的?电话)|上面|上级)|(?:又)?推(?:给|到)(?!我)|超出(?:他|她)?的?(?:权限|职权|范围)|不归(?:他|她|咱|我们?|你|谁)?[^，。,\s]{0,4}管|(?:说|讲|回|表示|意思是?|回复)(?:[他她我]们?)?(?:也|都|就)?(?:不(?:行|归|能|可以|同意|批|给|用|好|便|想|方便|合适|合规|解决|服|要)|没(?:法|戏|必要|时间|空|人|钱)|先(?:放|拖|压|搁|等|别|不|缓|晾)|拖着|别(?:烦|来|找|再|问|管)|算了|自己|忍|再说|随便|难办|无能为力|做不到|帮不上|等(?:着|等|通知|消息))",
    r"(?:says?|said|told me|tells me|wants me)(?: that)?(?: I (?:should|must|have to|need to))?(?: to)? (?:call|ask|contact|get|go to|see|find|ring|tell|report to) (?:the |a |our |your )?(?:general |duty |department |floor )?(?:manager|supervisor|boss|superior|GM)",
    r"(?:must|has to|have to|needs? to|only) (?:the )?(?:\w+ )?(?:decide|approve|authori[sz]e|sign)|(?:finance|management|head office|the manager|the supervisor) (?:must|has to|needs to|should) (?:decide|approve|sign)|not (?:his|her|their) (?:job|call|decision|business|department|problem)|too (?:big|much|high) for|shrugged|says? (?:it'?s )?(?:not|no\b|nothing)|said (?:it'?s )?(?:not|no\b|nothing)|won'?t (?:help|decide|sign|approve)",
    r"(?:can'?t|cannot|could(?:n'?t| not)|unable to|not able to) (?:solve|decide|approve|handle|resolve|help|fix|authori[sz]e|do (?:anything|it|that))|no (?:authority|permission|power)|not authori[sz]ed|(?:above|beyond) (?:his|her|their) (?:level|authority|limit|power|pay)|(?:told me|said|says|asked me|wants me)(?: I should)?(?: to)? (?:ask|escalate|go|take|report|contact|pass|speak|talk)|(?:doesn'?t|does not|didn'?t) (?:know|have (?:the )?(?:authority|permission))",
)
REPORTED_UP = _words(
    r"(?:已经?|也|刚刚?|早就)?(?:请示|问|报告|汇报)(?:过|了)(?:现场|客服|值班)?(?:主管|经理|上级|上面|领导)",
    r"(?:已经?|也|刚刚?|早就|都)?(?:跟|向|给|和|找|报告?给?|通知)(?:了)?(?:现场|客服|值班)?(?:主管|经理|上级|上面|领导).{0,4}(?:说|报|汇报|反映|反馈|提|讲|上报|请示)(?:告)?(?:过|了)",
    r"(?:已经?|也|刚刚?|早就)(?:往上|向上)?(?:上报|报上去|往上报|报主管|报经理)(?:了|过)?",
    r"(?:already |has |have )+(?:told|asked|reported|informed|escalated|notified|passed)\b",
)
IGNORED = _words(
    r"不用(?:管|理)|不(?:管|理(?!解)|处理|解决|回应|受理|作为)|别管|没(?:有)?(?:理|管|回应|反应|下文|消息|动静|处理|人管)|让我(?:自己|别|忍|先忍|不要)|不当回事|敷衍|(?:先)?(?:不要|别|不用|不让我?|不准我?|不许我?)(?:往上)?(?:报|声张|说出去|上报|外传)|推脱|推诿|压着不报|置之不理|不了了之|(?:让|叫|要)(?:我|我们|前台|你们?|坐席|客服|大家)?(?:自己|自行)(?:解决|处理|想办法|看着办|搞定|消化|负责)|爱理不理|装(?:没看见|不知道|听不见|糊涂)|当没(?:看见|听见|发生)|打哈哈|和稀泥|说知道了(?:就|但|可)|不关(?:他|她|我|我们)的?事|不是(?:他|她)的事|懒得|(?:沟通|反映|说|提|找|报|讲|问)(?:了|过|也|都)*(?:没用|没效果|没结果|白说|白搭|无果|石沉大海)",
    r"ignor(?:ed|es|ing)|did nothing|does nothing|refus(?:ed|es) to (?:help|act|handle|report)|brush(?:ed)? (?:me|it) off|no response|nothing (?:happened|was done)|told me to (?:forget|drop|keep quiet|deal with it)",
)
VAIN_AFTER = re.compile(
    r"^[^。！!？?\n]{0,10}?[他她](?:们)?(?:也|都|就|却|只)?(?:说|讲|回|让|叫|表示)[^，。,\s]{0,8}?(?:不|没|别|等|自己|烦|忍|再说|算了|推|别的|无)"
)
"""After a superior who was turned to: what he said to it in vain."""
TURNED_TO = re.compile(
    r"(?:找|问|跟|向|给|和|请示|报|告诉|求)(?:了|过|到)?(?:我们的?|咱们?的?|当班|值班)?\s?$"
)
ACCUSE_BEFORE = re.compile(
    r"(?:投诉|举报|检举|揭发|控告|告发|告|弹劾|反映)(?:一下|的是|的就是)?(?:我们?的?|咱们?的?|那个|这个|当班的?|值班的?|那位)?$"
    r"|(?:complain(?:t|ts|ing)?\b[^.!?;\n]{0,30}? (?:about|against)|report(?:ing)?|accus(?:e|ing)|grievance against) (?:my |our |the |a |that )*$",
    re.I,
)
QUARREL_AFTER = re.compile(
    r"^[^，,。！!？?\s]{0,4}(?:和|跟|与|对|把|朝|冲)(?:一个|一位|个|那个|这个)?(?:客户|用户|顾客|客人|来访者?)[^，,。！!？?\s]{0,8}(?:吵|骂|打|动手|推|吼|起(?:了)?冲突|赶)|"
    r"^(?:[^，,。！!？?\s客用顾]{0,8}?)(?:吵|打(?:起来|架|了起来)|互殴|动(?:起)?手|闹翻|闹矛盾|起(?:了)?冲突|有矛盾|发生(?:了)?(?:争执|冲突|口角|矛盾))"
)
ACCUSE_TO = re.compile(r"(?:向|跟|找|给|和|同|到|with|to) ?$", re.I)
_HABIT = r"(?:每次|每回|总是?|老是?|天天|一直|从来|动不动|经常|整天|成天|三天两头|一有\w{1,4}就|又)"
ACCUSE_AFTER = re.compile(
    # What a superior does again and again to the writer is a complaint, whatever the verb.
    rf"^(?:他|她|这个人|自己|都|也)?{_HABIT}(?!帮|教|鼓励|照顾|支持|关心|表扬|加班|很?忙|联系|打不|不在|没空|出差|开会|关机|不接|没接|请假|休|说(?:很|太)?忙)(?![^，。,\s]{{0,6}}(?:没人|不接|打不通|联系不))[^，。,\n]{{0,24}}(?:我|自己|亲戚|老乡|朋友|关系|熟人|别人|新人|大家|人|钱|班|单)"
    r"|^(?:他|她|都|也|竟然|居然|偷偷|私下|还)*(?:把|将)[^。！!？?\n]{0,16}(?:挂|记|算|丢|推|甩|扔|安|堆|压|塞|扣|派|赖|栽)[^，。,\s]{0,5}(?:我|自己|他|她|新人|别人)"
    r"|^[^，。,\s客用顾]{0,6}(?:吃|拿|收|贪|要|扣|克扣|挪用|冒领|瞒|截留)(?:了|走|掉)?[^，。,\s]{0,6}(?:回扣|好处|红包|提成|奖金|工资|公款|钱款|返点|供应商|加班费|补贴|餐补|绩效)"
    r"|^[^，。,\s客用顾]{0,4}(?:让|叫|要|逼|要求|指使|教|命令|安排)(?:我|我们|大家|坐席|同事|新人|组里|全组)[^。！!？?\n]{0,14}(?:造假|作假|假|编|撒谎|骗|瞒|删录音|删记录|改记录|改工单|改成绩|刷|代打卡|打卡|买单|请客|送礼|背锅|顶罪|背|顶包|垫|替[他她])|"
    r"^(?:都|也)?被(?:客户|用户|顾客|人|业主|家属)?(?:投诉|举报|告)"
    r"|^(?:天天|总是?|老是|每次都?|一直|又|竟然|居然)?(?:让|叫|逼|指使|强迫|暗示)我(?:们)?[^。！!？?\n]{0,20}(?:改成|造假|作假|删|撒谎|骗|瞒|背锅|顶罪|签假|假的)"
    r"|^(?:天天|总是?|老是|每次都?|从来都?)(?:让|叫|逼|给|安排)我(?!们?(?:报|写))"
    r"|^(?:[\u4e00-\u9fff]?\*+(?:先生|女士)?)?(?:这个人|本人|自己|他|她|总是|经常|一直|天天|老是|又|也|居然|竟然|当众|今天|昨天|昨晚|刚才|刚刚|刚|的)*"
    r"[^,，。！!？?；;\s客用顾]{0,10}?"
    r"(?:不公|偏心|骂|辱|骚扰|针对|克扣|扣我|乱扣|收(?:了)?(?:客户|用户|顾客)?的?(?:红包|钱|回扣|好处)|索要|私[自下]|偷|泄[露密]|偷拍|拍了|拍客户|造假|作假|弄虚|打人|打我|动手|推我|喝酒|酒后|睡觉|态度|欺负|穿小鞋|压榨|PUA|占便宜|摸我|改我|篡改|隐瞒|瞒报|压着|包庇|威胁我|要挟|卖客户|卖给|倒卖|外传|导出|把客户|把用户|把顾客|把会员|把内部|违规|违纪|乱排|吃拿卡要|报复|推卸|甩锅|故意|爱干干|不干(?:就)?(?:走|滚))"
    r"|^[^，。,\s客用顾]{0,6}(?:给|让|把)我(?:一个人|自己)?(?:连续|天天)?(?:排|安排|调)(?:了|到|成)?[^，。,]{0,8}(?:夜班|晚班|大夜|通宵|周末)"
    r"|^[^，。,\s客用顾]{0,4}(?:让|叫|逼|要求|强迫|命令)(?:我们?|大家|全组|组里|坐席)[^。！!？?\n]{0,16}(?:没(?:有)?(?:加班费|钱|补|工资)|无偿|义务|不给(?:钱|加班|调休)|不算(?:工时|加班|钱)|通宵|连上|每人|交(?:钱|[0-9一二两三四五六七八九十几]+[百千]?(?:块|元)?)|凑(?:钱|份子)|随份子)"
    r"|^(?:他|她)?(?:把|给|让|叫|专|只|总|光|净)[^。！!？?\n]{0,60}(?:敢怒|往上(?:反映|告|报)|匿名|举报|不公|说理|评理|寒心|太过分|欺负)"
    r"|^(?:和|跟|与)(?:客户|用户|供应商|厂家|中介|外[人面]|同行)[^。！!？?\n]{0,10}(?:私下|勾结|串通|合伙|分钱|分成|交易|吃喝|吃饭|有一腿|做局|走账)"
    r"|^(?:跟|向|问|找|管)我们?(?:要|借|索要)(?!工单|记录|资料|情况|说法|报告|数据)"
    r"|^(?:他|她|还|又|都)*(?:叫|让|要|逼)我[^。！!？?\n]{0,40}(?:不合规|违规|违法|违反|良心|不应该|不合适|怕(?:出事|担责|背))"
    r"|^(?!电话|手机|号码|出面|来)[^。！!？?\n客用顾]{0,40}?不[^，。,\s]{1,6}就(?:不|扣|罚|滚|换|调|没|别|给|开除|辞退)"
    r"|^[^。！!？?\n客用顾]{0,14}(?:代签|代客户签|替客户签|冒签|伪造|私了|私吞)|^[^，。,\s]{0,2}(?:这|那)(?:件|个|样|么)?(?:事|做|干)?(?:做|干|弄)?(?:的|得)?(?:不对|不地道|不妥|有问题|不合规|过分)|^[^，。！!？?\n客用顾]{0,8}把[^，。,]{0,16}(?:客户|用户|顾客|会员|业主)[^，。,]{0,16}(?:发|晒|传|贴|转)(?:到|在|出|给)"
    r"|^[^。！!？?\n客用顾]{0,6}(?:让|叫|要|要求|通知|命令)(?:我|我们|大家|咱们?)[^。！!？?\n]{0,24}(?:删(?:了|掉|除)|销毁|改掉|瞒着|不许说|别说出去)"
    r"|^[^。！!？?\n客用顾]{0,10}(?:答应|承诺|说好|保证|许诺)[^。！!？?\n]{0,24}(?:不认|反悔|变卦|没(?:兑现|下文|影)|不算(?:数|了)|赖)",
    re.I,
)
ACCUSE_AFTER_EN = re.compile(
    r"^(?:'s)?[^.!?;]{0,30}?\b(?:tells?|told|asks?|asked|wants?|wanted|makes?|made|forces?|forced|orders?|ordered|pushes|pressures?|instruct(?:s|ed)?) (?:me|us|everyone|everybody|the team|the agents|all of us|people) (?:to )?(?:fake|lie|cheat|hide|delete|forge|change the|alter|falsify|cover|pay|log ?in|export|copy|download|send (?:him|her|the|his|it)|share|give (?:him|her)|clock (?:in|out)|sign (?:in )?for|backdate|make up)\b"
    r"|^(?:'s)?[^.!?;]{0,20}?\b(?:told|tells|said to) (?:\w+ ){1,4}?(?:that )?I (?:was|am|had|did|'m)\b"
    r"|^(?:'s)? (?:\w+ ){0,2}?(?:always|never(?! (?:says?|said) (?:thanks?|hello|hi|please|good)\b)(?! smile)|keeps|constantly|every time|again and again|all the time) (?!busy|away|out\b|in a meeting|available|answers?|picks? up|responds?|repl)"
    r"|^(?:'s)?[^.!?;]{0,60}?\b(?:not fair|unfair|(?:his|her) (?:own )?(?:friends|favou?rites)|yell|shout|swor|swear|harass|bull(?:y|ies)|unfair|touch|groped?|took (?:money|cash|tips?|gifts?|a payment|bribes?|a photo|photos|pictures)|stole|leak|s(?:old|ell|elling) (?:our |the |customer)|insult|humiliat|threaten(?:s|ed|ing)? me|discriminat|retaliat|falsif|fak(?:ed|ing)|drunk|favou?r|photograph|forward(?:ed|ing)? (?:the |our |customer)|cover(?:ed|ing)? up)",
    re.I,
)
WANTS_HIGHER = _words(
    r"(?:要|想|得)(?:见|面见|找到?)|写信给|捅到|反映到|反映给|直接(?:转|见|打|call|找|跟|向|报|给|上报|汇报|联系|去|投诉|发)|越级|跳过|绕过|不(?:想|愿|要)(?:找|跟|经过|通过|告诉|给)|能不能(?:直接)?找",
    r"\b(?:go|report|escalate|complain|speak|talk|write|send (?:this|it)) (?:straight|directly)|straight to|directly to|skip (?:the|my|a)|bypass|over (?:his|her|their|my (?:leader|supervisor)'?s?) head",
)

NEITHER = _words(
    r"\b(?:neither|none of|no)\b[^.!?\n]{0,70}?\b(?:answer\w*|respond\w*|pick\w*|reach\w*|available|here|around|reply\w*|replied)\b",
)
"""Everybody named inside it is out of reach."""

# -- what happened ------------------------------------------------------------------------------
POLITICAL = _words(
    r"反动|反政府|颠覆|分裂国家|邪教|恐怖(?:主义|分子|袭击)|政治(?:问题|言论|敏感|谣言|标语)|敏感(?:言论|标语|传单)|传单|非法(?:集会|传教|聚集)|煽动|造谣.{0,6}(?:国家|政府)|间谍|境外势力",
    r"\b(?:terroris[mt]|extremis[mt]|subversive|anti-government|sedition|political (?:leaflet|slogan|propaganda)|espionage)",
)
_DATA = r"(?:(?:客户|用户|顾客|会员|业主|病人|学员|买家)们?的?(?:电话|姓名|名字|手机|微信|照片|单子)|资料|信息|数据|名单|身份证|银行卡|证件|手机号|电话号|号码|隐私|账单|账号|通话记录|通话录音|录音|档案|住址|地址|聊天记录|密码|病历|合同|客户表|表格|登记[表本簿]|名册|花名册|台账|复印件|快递单|面单|底单|Excel|截图|内部文件|工单内容|投诉内容|通讯录|列表|优盘|U盘|硬盘|库)"
_OUT = r"(?:泄[露漏密]|外泄|失密|偷拍|拍(?:照|了|下|成)|拷贝|拷走|拷到|导出|导走|倒卖|贩卖|卖(?:给|了|掉|出)|出售|转发|转给外|发到(?!外地|[\u4e00-\u9fff]{1,3}[省市县])|发在|发进|发上|发朋友圈|传到|传给|传上|上传|外传|流出|外流|透露|晒|贴到|贴在|公开|发错|发给(?!我|客服|班长|主管|经理|领导)|告诉(?:了)?(?:别人|外人|朋友|他人|其他|第三|前夫|中介|同行)|带出|带走|带回家|抄走|抄下|抄(?:在|到|给|了)|记(?:在|到)(?:自己|小?本|手机|手上|纸)|拷|(?<![件裹货递口])丢了|遗失|弄丢|不见了|收走|当废[纸品]|没(?:有)?(?:粉碎|碎掉|销毁)|内鬼|被盗|黑客|被黑|撞库|说漏|漏嘴|(?:加|转|存|导|倒|挪|备份)(?:到|进|在)(?:了)?自己|少了|缺了|没锁(?:屏|柜|抽屉)|没退出|翻(?:看|到|了|着)?|偷看|(?:念|读|喊|报)(?:了)?(?:出来|出去|出声|给(?:别人|旁边|外人))|大声(?:念|读|喊|说)|(?:在|被|有人)导|(?:被|让)(?:外人|别人|旁人|访客|他人)(?:看|听|拍|拿))"
LEAK = _words(
    r"(?:群里?|朋友圈|微博|抖音|网上)[^。！!？?\n]{0,12}把[^。！!？?\n]{0,24}(?:电话|手机号|住址|地址|身份证|名单|资料|信息|截图|照片|录音)[^。！!？?\n]{0,10}(?:发|贴|晒)|把[^。！!？?\n]{0,30}(?:证明|合同|账单|保单|病历|检查报告|资料|信息|明细|回执|档案|名单)[^。！!？?，,\n]{0,8}(?:发|寄|交|给)(?:给)?(?:了|到|错)[^。！!？?\n]{0,20}(?:别人|另一|另外|其他|同名|外(?:面|部|人)|错)|发给了(?:同名|另外?一?个|别的|不相干|错)",
    r"\b(?:took|taking|snapped|made) (?:a )?(?:pics?|photos?|pictures?|screenshots?|videos?) of [^.!?\n]{0,40}(?:screen|list|data|ids?|passports?|cards?|records?|customers?)\b",
    rf"(?:能|可以|会)(?:直接|随便|随意|都|够)?(?:看|查|搜|打开|下载|访问|调)(?:到|见|出)?(?:了)?(?:别人|其[他它]|任何|所有|全部|每个|人家)[^。！!？?\n]{{0,10}}{_DATA}|{_DATA}[^。！!？?\n]{{0,16}}(?:谁都(?:能|可以|看)|不用(?:登录|密码)|没(?:有)?(?:加密|锁|设密码|权限控制)|都能(?:看|查|下载|搜))",
    r"(?:shows?|showing|displays?|exposes?|exposed|visible|accessible|readable|anyone can (?:see|open|read))\b[^.!?\n]{0,50}(?:customer|client|id cards?|personal|phone numbers?|without (?:a )?(?:login|password))",
    rf"{_OUT}[^。！!？?\n]{{0,24}}{_DATA}",
    rf"{_DATA}[^。！!？?\n]{{0,24}}{_OUT}",
    r"(?:冒充|诈骗|钓鱼|套取|骗取|套话|冒名)[^。！!？?\n]{0,20}(?:资料|信息|客户|用户|公安|警察|领导|电话|验证码)",
    rf"(?:捡到|捡了|落下|遗落|没收好|摊在|扔在|丢在|随手放|忘在)[^。！!？?\n]{{0,24}}{_DATA}|{_DATA}[^。！!？?\n]{{0,24}}(?:捡到|落下|遗落|扔在|丢在|忘在|被人?翻|翻看)",
    # A login in somebody else's hands opens every customer's file.
    r"(?:密码|口令|登录名|账号密码|验证码|权限)[^。！!？?\n]{0,10}(?:给了?|告诉了?|报给|发给|借给|交给)(?:他|她|对方|别人|外人|客户|朋友)|(?:把|将)[^。！!？?，,\n]{0,8}(?:密码|口令|账号)[^。！!？?，,\n]{0,4}(?:给|告诉|借|贴|写在)|(?:用|拿)(?:了)?我的?(?:账号|工号|密码)[^。！!？?，,\n]{0,10}(?:登|查|导|下载)|(?:密码|账号|工号)被(?:盗|人|他|别人)|(?:有人|谁|他|同事)[^。！!？?，,\n]{0,4}用(?:了|着)?我的?(?:账号|工号|密码)",
    r"(?<!气)(?<!斯)(?<!体)泄露(?!气|的?气体)|盗刷|盗号|远程控制|中了?(?:木马|病毒|勒索)|泄密|失泄密|信息泄[露漏]|数据泄[露漏]|资料外泄",
    r"\bdata (?:breach|leak)|\bleak(?:ed|ing|s)?\b",
    r"\b(?:usb|thumb drive|hard (?:disk|drive)|laptop|printout|notebook)\b[^.!?\n]{0,50}\b(?:recordings?|records?|customers?|clients?|data|details|ids?)\b",
    r"(?:lent|gave|shar(?:ed|ing)|told|sold|left)\b[^.!?\n]{0,30}\b(?:login|password|account|access|badge)\b|(?:login|password|account)\b[^.!?\n]{0,30}\b(?:stolen|shared|leaked|hacked|used by)",
    r"(?:download(?:ed|ing)?|sent|forward(?:ed|ing)?|post(?:ed|ing)?|shar(?:ed|ing)|s(?:old|elling)|export(?:ed|ing)?|cop(?:ied|ying)|photograph(?:ed|ing)|upload(?:ed|ing)?|emailed|took (?:a )?(?:photos?|pictures?)|screenshot(?:ted)?|film(?:ed|ing)|record(?:ed|ing) on|read (?:out|aloud))[^.!?\n]{0,60}(?:personal (?:data|info)|customer(?:s'|'s)? (?:\w+ )?(?:data|info\w*|list|records?|id|numbers?|details)|client (?:data|list|info\w*)|id cards?|passport|bank cards?|phone numbers?|customer)",
    r"(?:id cards?|bank cards?|phone numbers?|passports?|\bID\b|customer (?:data|list|records|info\w*))[^.!?\n]{0,70}(?:posted|leaked|exposed|shared|sold|forwarded|filmed|photographed|read (?:out|aloud)|on (?:wechat|facebook|social media))",
)
SAFETY = _words(
    r"(?:挂|吊|悬|卡)(?:在|着)?(?:树上|半空|空中|外墙|窗外|架子上)|落(?:在|到)?树上|人(?:还)?(?:挂|吊|悬)着|(?:冒|打)(?:了)?(?:火花|火星)|消防(?:车|队)?(?:已经|都|也)?(?:打了|来了|到了|在路上)",
    r"(?:泵房|地下室|车库|电梯井|配电)[^。！!？?\n]{0,6}(?:进水|被淹|灌水)|水位[^。！!？?\n]{0,4}(?:涨|升)|吞(?:下|食|了(?![^，。,\s]{0,3}[0-9一二三四五六七八九十百千万]|卡|钞|钱|我的))|误[食吞服]|喝(?:了|下)(?:洗|农|消毒|清洁|84|酒精)|(?:赶紧|马上|快|立刻|让[他她])(?:去|上|送)医院|说不出话|嘴歪|中风|瘫(?:在|倒)|(?:配电|机房|UPS|发电机|整栋|全楼|大楼)[^。！!？?\n]{0,10}(?:跳闸|断电|停电|失电|没电|告警|报警)|UPS[^。！!？?\n]{0,6}(?:撑|坚持|顶)|应急预案",
    r"(?:心脏|心口|胸|血压|气|呼吸|头)[^。！!？?，,\n\s]{0,4}(?:不舒服|难受|疼|痛|发作|上不来|不过来)|躺(?:在)?(?:了)?(?:地|大厅|门口)|(?:滑|跌|绊|栽)(?:倒|了一跤|下)|(?:人|同事|老人|孩子|客户|客人|阿姨|大爷|师傅)[^，。,\n\s]{0,4}摔了|(?:腿|脚|胳膊|手|头|腰)[^，。,\n\s]{0,3}(?:肿|断|破|流血)|肚子疼|腹痛|孕妇[^。！!？?\n]{0,12}(?:疼|痛|血|倒)|(?:已经?|刚|正在|我们?)(?:叫|打|拨|喊|报)(?:110|119|120|救护)|(?:叫|打|拨|喊)(?:了|过|完)(?:110|119|120|救护)|(?:110|119|120)[^。！!？?，,\n\s]{0,4}(?:来了|到了|叫了|打了|拨了|路上|在赶)|(?:警察|民警|消防|救护)[^。！!？?，,\n\s]{0,4}(?:来了|到了|赶来|到场|在路上)|(?:微波炉|插座|插排|线路|电线|电池|充电器|空调|电脑|显示器|灶|锅炉?|柜|车)(?:都|又|也)?着了|灭火|火(?:苗|势|光)|打火机|点(?:火|燃|着(?!头))|就烧|烧(?:店|门|楼|柜台|公司|我们|死)",
    r"(?:偷拍|针孔|摄像头|窃听)[^。！!？?\n]{0,10}(?:厕所|卫生间|更衣|浴室|洗手间|宿舍)|(?:厕所|卫生间|更衣|浴室|洗手间|宿舍)[^。！!？?\n]{0,10}(?:偷拍|针孔|摄像头|窃听)|[黑浓白]烟|起烟|烟雾|煤[气烟]?味|天然气味|汽油味|刺鼻|电?火花|短路(?!径)|漏气|自燃|裸露|一氧化碳|烧(?:起来|穿|毁|坏|了(?:起来|一|半|整|个))",
    r"头晕|恶心(?!人|话|的话)|胸闷|胸口[疼痛闷]|口吐白沫|没气了|脸色(?:发|煞|惨)?[白青紫]|站不(?:稳|起来)|摔(?:倒|断|破|了一跤|下|得)|[划割扎刺擦烧咬抓撞夹砸电跌]伤|伤(?:了|到|着|及)人|伤员|伤者|破了?头|缝(?:了)?[0-9一二三四五六七八九十几]+针|中暑|低血糖|要生了|羊水|流产|昏过去|叫不醒|抽(?:过去|筋|风)|(?:被|让)[^。！!？?，,\n\s]{0,8}(?:咬|烫|撞|夹|砸|电|压)(?:到|了|着|伤|住|倒)",
    r"(?:外机|招牌|吊灯|天花板?|吊顶|墙[皮体]|墙|瓷砖|广告牌|玻璃|货架|电梯|扶梯|雨棚|树|空调|脚手架|电线杆?)[^。！!？?，,\n\s]{0,6}(?:掉(?:下|落)|坠|脱落|塌|倒(?:下|了)|砸[到中伤]|急停|困人|停在半)|冰雹|龙卷风|雷击|泥石流|积水(?:到|过|漫)",
    r"推搡|推倒|扇(?:了|我|他|她|耳|人)|耳光|巴掌|踹(?:门|我|他|她|人|了)|踢(?:门|我|他|她|人|了)|揪(?:着|住)|掐|抄(?:起|着)|(?:拿|抡|提|举|带|持|挥)(?:着|起|了)?(?:棍|锤|斧|钢管|砖|酒瓶|凳子|椅子|榔头|家伙)|(?:扔|摔|砸|掀)(?:了)?(?:杯子|椅子|凳子|手机|桌子|键盘|花盆|柜台)|(?:在)?(?:楼下|门口|外面|门外|停车场|公司门口)(?:等|堵|蹲|守)(?:着)?(?:我|她|你|我们|小|女|同事)|等(?:我|她|你|我们)下班|(?:来|到|去)(?:我们)?(?:单位|公司|店里?|办公室|营业厅|这|家里?)[^。！!？?，,\n\s]{0,4}(?:堵|弄|打|砍|收拾|揍)|跟着我|(?:知道|打听|查到)(?:了)?我(?:家|住)|(?:找|叫|带)(?:了)?(?:几个|一帮|一群|一伙|[0-9一二三四五六七八九十]+个)?人(?:来)?(?:打|收拾|弄|砸|堵)|(?:打死|打断|打残|收拾|做掉|要)(?:我|你|你们|我们)(?:的)?(?:腿|命|手)?(?=$|[\s，,。!！]|的)(?<!要我)(?<!要你)(?<!要我们)(?<!要你们)",
    r"不活了|没活路|了断|跳(?:桥|河|江|海|下去|下来|窗)|安眠药|遗书|自残|死(?:在|给)(?:你|我|他|公司|门口|这)|上吊|煤气(?:罐|瓶)|同归于尽",
    r"着火|起火|失火|火灾|火警|冒烟|冒火|烧焦|烧着|焦糊|糊味|焦味|爆炸|爆燃|漏电|触电|电伤|(?:燃气|煤气|天然气|瓦斯)(?:泄[露漏]|味|漏)|(?:机房|机柜|配电|服务器|天花板|电箱|弱电|UPS|插座)[^。!！?？]{0,14}(?:漏水|进水|水淹|淹|漫|灌水|滴水|水管)|水[^。!！?？]{0,8}(?:漫|淹|流|滴|灌)(?:到|进|了|过)[^。!！?？]{0,4}(?:机房|机柜|配电|服务器|电箱|插座|设备|UPS)",
    r"烫[到伤着]|爆裂|爆开|喷出|夹住|卡住(?:了)?(?:手|脚|头|人)|压[住伤到]|砸[到中坏]|吹倒|撞[到上伤]|咬[伤了]|窒息|噎[住着]|溺|上吐下泻|食物中毒|吃坏|呕吐|过敏|送(?:到|往|去|了)?(?:医院|急诊)|台风|暴雨|暴雪|晕倒|昏倒|昏迷|休克|抽搐|吐血|流血|出血|心脏病|心梗|喘不上|呼吸困难|倒地|没有?意识|受伤|骨折|摔伤|烫伤|砸伤|中毒|猝死|急救|救护车",
    r"打人(?!工)|打架|斗殴|动手(?!术|能|做)|持刀|拿(?:着|了|出)?(?:一把)?刀|带(?:着|了)?刀|菜刀|匕首|砍(?:人|死|我|伤|你)|打砸|砸(?:了)?(?:东西|店|电脑|门|玻璃|柜台|前台|桌|设备|大厅)|硬闯|闯进|冲进来|堵(?:住)?(?:了)?(?:门|大门|出口)|围堵|劫持|扣(?:住|留)(?:了)?(?:人|同事|我们)",
    r"跳楼|自杀|轻生|割腕|喝(?:农)?药|服毒|吞药|不想活|活不下去|想死|寻死|要(?:他|她|你)?死给|杀(?:了|人|你|我|死|全家)|弄死|捅(?:死|人|我|你)|炸弹|炸死|引爆|炸掉|纵火|放火|浇?汽油|泼油|地震|洪水|内涝|山洪|塌方|坍塌|倒塌|被困|困在|跟踪|尾随|枪",
    r"\b(?:on fire|a fire|caught fire|fire (?:broke|alarm)|flames?|smok(?:e|ing|y)|burning|explo(?:de|sion)|gas leak|smell of gas|electric shock|electrocut\w*|sparks?|collaps(?:ed|ing)|unconscious|faint(?:ed)?|passed out|injur(?:ed|y|ies)|bleeding|bleed|blood|fight(?:ing|s)?|fought|brawl|hospital(?:ized|ised)?|ambulance|poison(?:ed|ing)|chok(?:ed|ing)|drown\w*|typhoon|stuck in the (?:lift|elevator)|heart attack|not breathing|knife|weapon|gun|bomb|attack(?:ed|ing)|assault(?:ed|ing)?|punch(?:ed)?|hit (?:me|a|my|an|our|one)|kill|suicid\w*|end (?:his|her|my) life|trapped|ambulance|earthquake|stalk(?:ing|ed)|smash(?:ed|ing)?|wait(?:s|ing)? (?:for (?:me|her|us) )?(?:outside|downstairs|after work)|follow(?:s|ed|ing) (?:me|her) (?:home|outside)|scalded|sparking|gas smell|dizzy|electric(?:al)? fault|flood(?:ed|ing)?|f(?:e|a)ll(?:en|ing|s)? (?:down|off|from)(?! (?:the )?(?:line|call|radar))|seizure|crush(?:ed|ing)|chest pain|can'?t breathe|overdose|jump (?:off|from)|harm (?:himself|herself|myself)|broke (?:his|her|my|a) (?:arm|leg|wrist|nose)|bit(?:ten)? by)\b",
)
_SYSTEM = r"(?:系统|总机|外线|专线|话务|话机|热线|电话线路|电话|线路|网络|平台|服务器|CRM|呼叫|工单系统|数据库|交换机|机房|支付|短信平台|APP|后台)"
OUTAGE = _words(
    r"(?:全部|所有|整个|大量|几百|上百|大批|每个)(?:的)?[^。！!？?，,\n]{0,6}(?:订单|单子|用户|客户|门店|商家|骑手|司机|终端|POS)[^。！!？?，,\n]{0,10}(?:[不没]到|不了|不出|不进|失败|进不来|卡住|打不开|报错)",
    rf"{_SYSTEM}[^。！!？?，,\n]{{0,12}}(?:瘫痪|崩溃|崩了|宕机|全断|全部?掉线|全挂|大面积|全部?打不|全都打不|都打不进|中断|断网|全线|全黑|挂了|停摆|没信号|(?:老是?|总是?|经常|频繁|又|一直|不断|反复)?掉线|卡死|登[录陆]?不[上了]|进不去|连不上|用不了|故障|死机|报错|白屏|打不开|转圈|超时|无法(?:登录|使用|提交|受理|办理|打开))",
    r"(?:全部|所有|整个|大面积|集体|全员|几十个|一半)(?:的)?(?:坐席|电话|座席|客服|线路|系统|工位|电脑)[^。！!？?，,\n]{0,10}(?:掉线|断|打不|没声|黑屏|死机|瘫|登不|用不了)",
    r"\b(?:system|network|phones?|phone lines?|lines|hotline|platform|servers?|crm|internet|call (?:cent(?:er|re)|queue))\b[^.!?\n]{0,30}\b(?:down|crash(?:ed)?|outage|offline|dead|not working|stopped working|unavailable|failed)\b",
)
MANY = _words(
    r"全(?:省|市|网|国|公司|楼|区|校|院)(?!最|各|统一)|全部|所有|整个|大面积|全员|全都|都(?:打不|掉|断|登|用)|瘫痪|宕机|崩溃|崩了|中断|停摆|几[百千万十]|上[百千万]|[0-9]{2,}\s?(?:多)?(?:个|名|位|户|条|台|通|万|单)|[0-9一二三四五六七八九十两]+[百千万]|批量|群发|大批|数据库|全线|集体",
    r"\b(?:all|every(?:one|body)?|entire|whole|hundreds|thousands|dozens|mass|bulk|database|\d{2,} (?:customers|clients|users|agents|calls|orders))\b",
)
MAJOR_ERROR = _words(
    r"(?<![找让问])我(?:昨[天晚]|今[天早]|刚才|刚刚?|上午|下午|之前|不小心|给(?:客户|用户)|把[^，。,\s]{1,8}|\s)*(?:报|说|记|填|写|看|录|贴|拿|标|输|点|派|发|算|收)错|是我(?:的)?(?:责任|疏忽|失误|嘴快|粗心|没看清)",
    r"(?:误|错)(?:发|删|转账|转给|扣|退|派|充|操作|导|报价|承诺|改)|发错|删错|扣错|退错|派错|转错|充错|算错|报错价|标错价|群发错|多扣|重复扣|重复退|多退|操作失误|重大差错|重大事故|生产事故|手滑|(?:不小心|误操作)[^。！!？?\n]{0,12}(?:删|发|退|扣|改|清)|把[^。！!？?，,\n]{0,12}(?:删了|删除了|删掉|清空)",
    r"\b(?:by mistake|accidentally|mistakenly|wrong(?:ly)? (?:sent|charged|deleted|refunded|priced|amount|price|account)|overcharged|double[- ]charged|deleted the|major error|serious (?:error|mistake))\b",
)
MISCONDUCT = _words(
    r"辱骂客户|骂(?:了)?(?:客户|用户|顾客)|跟(?:客户|用户|顾客)(?:吵|对骂|骂)|(?:和|与)(?:客户|用户|顾客)(?:吵|对骂)|挂(?:了|断)?(?:客户|用户|顾客)的?电话|故意挂|私下?收|收(?:了)?(?:客户|用户|顾客)?的?(?:红包|回扣|好处费|现金|钱)|索要|飞单|接私[活单]|私自(?:退|改|查|免|减|接)|造假|刷单|刷好评|代打卡|打卡作弊|值班睡|上班睡|喝了?酒|酒后|醉酒|旷工|脱岗|空[岗班]|误班|缺岗|反悔|不认账|说话不算|临时变卦|没人(?:顶|上|接|来)(?:班|岗)?(?=$|[\s，,。！!])|没来上班|偷(?:了|东西|拿|窃)|贪污|受贿|侵吞|冒用|盗用|违规操作|违反纪律|违纪|互殴|骂起来|吵起来|吵架",
    r"\b(?:tak(?:es|ing|en) (?:cash|money|bribes?|gifts?)|took (?:cash|money|a bribe|bribes)|bribe[sd]?|stole|stealing|theft|swore at|cursed at|hung up on|falsif\w+|fake[sd]? (?:records|orders)|drunk|drinking|sleeping on duty|asleep|fraud|kickbacks?)\b",
)
HARASSMENT = _words(
    r"辱骂|骂(?:我|人|得|了|脏|街|骂|不停|的很)|被骂|脏话|爆粗|粗口|人身攻击|问候我|骚扰|调戏|开黄腔|黄色|下流|猥琐|色情|恶意|刁难|无理取闹|胡搅蛮缠|纠缠|侮辱|羞辱|恐吓|威胁(?:我|要)|反复(?:打|来)|不停(?:地)?(?:打|骂|来)|连续(?:打|来|拨)|一(?:直|天)(?:打|来)[^。！!？?\n]{0,6}(?:电话|电|次|个)|打了(?:[0-9]|[一二三四五六七八九十几])+多?(?:个|次|遍|通)|要加我|加我微信|要我(?:的)?(?:微信|电话|手机|私人)|约我|问我(?:住|几点下班|有没有男)|堵我|阴阳怪气",
    r"\b(?:abus(?:e[sd]?|ive|ing)|swear(?:s|ing)?|swore|insult\w*|curs(?:ed?|es|ing)|harass\w*|obscene|sexual\w*|vulgar|verbally|yell\w*|scream\w*|shout\w*|threaten\w*|calls? (?:again and again|over and over|\d+ times)|called (?:me )?(?:\d+|\w+teen|twenty|thirty) times|hits? on me|asks? for my (?:number|wechat|address))\b",
)
COMPLAINT = _words(
    r"投诉|举报|12315|12345|消协|消费者协会|工信部|市场监管|监管部门|(?:金融|银保|电力|通信)监管|银保监|证监会|网信办|教育局|卫健委|文旅局|食药监|消保委|劳动仲裁|信访局|曝光|媒体|记者|电视台|抖音|微博|小红书|发(?:到)?网上|直播|律师|起诉|法院|打官司|告(?:你们|我们|公司|到)|上访|信访|拉横幅|横幅|讨(?:个)?说法|要(?:个)?说法|给(?:个)?说法|给(?:他|她)个?交[代待]|赖着不走|不肯走|闹(?:事|着|到|得|起来|了|大)|差评|追着我?要|闹情绪|情绪失控|态度(?:差|不好|恶劣|很差)|很生气|非常生气|愤怒|发火|暴怒|不满意?|拍桌子|迟迟(?:没|不)|没人(?:回访|处理|回复|管|来|回|联系)|拖了|催了",
    r"\b(?:complain(?:t|ts|s|ed|ing)?|lawsuit|sue|suing|lawyer|attorney|media|journalist|reporter|tv station|consumer (?:association|council|rights|protection)|regulator|go public|social media|expose|furious|angry|outraged|bad review|negative review|unacceptable)\b",
)
DEMAND = _words(
    r"(?:客户|用户|顾客|业主|对方|他|她|家属|会员|买家)[^。！!？?\n]{0,12}(?:要求|非要|坚持要?|硬要|一定要|必须|索要|索赔|要我们|让我们|要赔|要退|要免|要换|要补|要减|不肯|不同意|不接受|不认可|拒绝|拒不|死活)|退款|退费|退钱|退货|退一赔|索赔|赔偿|赔(?:他|她|钱|付|[0-9])|减免|免(?:掉|除|收|[0-9一二三两]|他|她)|补偿|补差|换新|换一台|返现|违约金|特批|破例|通融|额外(?:优惠|赠送)",
    r"\b(?:refund\w*|compensat\w*|reimburse\w*|waiv\w*|money back|replacement|demand(?:s|ed|ing)?|insist(?:s|ed|ing)?|discount|exception|damages|credit (?:him|her|them|note))\b",
)
BEYOND = _words(
    r"没(?:有)?(?:一个)?人(?:会|懂|能)|(?:我|坐席|客服|我们)[^。！!？?，,\n]{0,6}(?:没(?:有)?(?:这个|这)?(?:权限|权力)|权限不[够足]|无权|做不了主|(?:答|处理|解决|答复|决定|办)不了|搞不定)|超出(?:我|本职|坐席|职责|工作|我们|权限)[^。！!？?，,\n]{0,6}|不知道(?:怎么|该怎么|如何)(?:处理|答复|回复|回答|办)|需要(?:上级|领导|主管|经理|班长)|请(?:领导|上级|班长|主管|经理)?(?:批示|审批|指示|支持|定夺|协调|出面|介入)|请示",
    r"\b(?:beyond my|above my|outside my|not authori[sz]ed|no authority|don'?t have (?:the )?(?:authority|permission|power)|I (?:can'?t|cannot) (?:solve|handle|resolve|approve|decide|promise|do that)|need (?:approval|a decision|someone senior|a supervisor|a manager)|please (?:advise|approve|decide)|requires? approval)\b",
)
EQUIPMENT = _words(
    r"(?:电脑|耳机|耳麦|话机|座机|打印机|键盘|鼠标|显示器|空调|灯|饮水机|门禁|软电话|麦克风|工位|椅子)[^。！!？?，,\n]{0,8}(?:坏了?|没声音|没反应|死机|黑屏|蓝屏|开不了|用不了|失灵|故障|不亮|漏水)",
    r"\b(?:headset|computer|laptop|printer|monitor|keyboard|screen|mouse|air con\w*)\b[^.!?\n]{0,20}\b(?:broken|broke|not working|dead|froze|frozen|fail\w*)\b",
)
GRIEVANCE = _words(
    r"(?:排班|绩效|考核|工资|奖金|提成|加班费|加班|晋升|评优|扣钱|罚款|扣款|处罚|评分|质检)[^。！!？?\n]{0,14}(?:不公|不合理|不对|有问题|太(?:多|少|累|狠|低)|不满|意见|申诉|不服|少发|拖欠|没发|乱)|说好的?[^。！!？?，,\n]{0,10}(?:不算|没了|泡汤|取消|黄了|变卦)|不公平|偏心|穿小鞋|压榨|受不了|不服|我要投诉|我要举报|我要申诉|实名举报|意见很大|辞职|不干了",
    r"\b(?:not fair|unfair(?:ly)?|favou?ritism|bull(?:y|ied|ying)|discriminat\w*|unpaid overtime|appeal (?:the|my|this)|my (?:bonus|pay|salary|score|fine) (?:was|is) (?:wrong|cut|reduced|missing)|I quit|resign)\b",
)

# -- what kind of text --------------------------------------------------------------------------
ABOUT_RULES = _words(
    r"^(?:你好|您好|hi|hello)?[\s,，。!！]*(?:想问|请问|咨询|问一?下|想了解|想知道)",
    r"(?:可以|能|会|算|要|该|应该)[^。！!？?，,\n]{0,12}(?:吗|么)[?？\s]*$",
    r"^(?:hi|hello)?[\s,.!]*(?:can|may|could|should|do|does|is|are|am|what|which|how|when|where|who)\b[^.!?]*\?\s*$",
)
"""Asks what may or should be done, as the whole text or at its end."""
FORMAL = _words(
    r"请(?:领导|上级|班长|主管|经理)?(?:们)?(?:予以)?(?:批示|审批|批准|指示|定夺|明示)|特此(?:请示|报告|上报)|请示(?:如何|是否|可否|怎么|怎样|[:：]|一下)",
    r"\b(?:please (?:approve|decide|instruct)|(?:awaiting|request(?:ing)?) (?:your )?(?:instructions?|approval|decision))\b",
)
"""Asks for a decision, which no manual gives."""
SWAP = _words(
    r"班(?:次)?(?:对调|互换|对换)",
    r"换班|(?:调|倒|换)(?:个|一?下)班|换[^。！!？?，,\n]{0,8}的班(?!长|组)|换(?:一?个|一?下)?(?:早|晚|中|夜|白)班|调班|替班|顶班|代班|换个班|换一下班|换成?(?:早班|晚班|中班|夜班)|(?:跟|和|与)[^。！!？?，,\n]{0,6}(?:换|调)(?:一?下|个)?(?:早|晚|中|夜|白)?班|调休|倒班|请(?:个|半天|一天|[0-9一二两三]+天)?(?:病|事|年|婚|产|丧)?假|(?:年|事|病|婚|产)假|休假(?:申请|怎么|流程|规定)|(?:想|要)休|离岗|离席|早退",
    r"\b(?:(?:swap|switch|trade|exchange|change)(?:ping|ing)? (?:\w+ ){0,4}shifts?|shift (?:swap|change)|cover (?:for me|my shift)|take (?:a day off|leave|the day off)|(?:annual|sick|personal) leave|day off)\b",
)
QUESTION = _words(
    r"找谁(?=修|来着|要|领|办|问|签|拿)|([\u4e00-\u9fff])不\1|[?？]|吗(?=[\s,，。!！]|$)|[呢么](?=[\s。!！]|$)|怎么(?!样也|都)|如何|多少|几(?:天|点|次|个|号|年|月|块|元|遍|级|种)|多[久长大高]|[什啥]么?时候|啥(?:意思|规定|标准|流程|条件)|咋(?:弄|办|算|填|写|走|申请|处理)|找谁(?=$|[\s，,。])|谁(?:管|批|负责|知道|对接|审)|什么(?:规定|标准|流程|意思|样|条件|情况下|材料|手续|颜色|时间)|哪(?:看|找|查|领|交|下载|办|弄|儿|里|些|个|几|天|种|一)|能不能|可不可以|能否|可否|是否|有没有|是不是|算不算|要不要|该不该|请问|想问|想问下|问一下|咨询一?下|想了解|不知道(?!他|她)",
    r"(?:客户|用户|顾客|会员|业主)[^。！!？?，,\n\s]{0,4}(?:问|咨询|打听|了解|想知道|想查)(?!我(?:住|要|的)|题)",
    r"\?|\b(?:how (?:do|to|many|much|long|often|should)|what(?:'s| is| are| does| do| should)|when (?:is|are|do|does|can)|where (?:is|are|do|can)|who (?:is|do|should)|is there|are there|can (?:I|we|you tell)|could (?:I|we|you tell)|may I|do (?:we|I)|does (?:the|our)|am I allowed|are we allowed|I(?:'d| would) like to know|wondering|(?:wants?|would like|asks?|asked|asking) (?:to know )?(?:if|whether|how|when|what|where|which|about)|is it (?:ok|okay|fine|allowed|possible|true|necessary))\b",
    r"^(?:(?:hi|hello|hey|excuse me|please|so|and|quick question)[\s,.!:]*)*(?:is|are|am|can|could|may|should|do|does|did|will|would|what|which|how|when|where|who|why)\b",
)
HAPPENED = _words(
    r"刚(?:刚|才)?(?=[^好])|今天|今早|今日|昨天|昨晚|前天|(?:今|昨)(?:早|晚)|从[^。！!？?，,\n]{1,8}(?:起|开始)|连[着续]|半夜|每次|(?:[0-9]+|[一二三四五六七八九十两几])(?:次|遍|趟|个?小时|天(?!内|以内|之内|前|提前|假|可以|能))(?:了|没|都|来)|现在|正在|此刻|目前|已经|已有|上周|上个?月|一直|又来|这个客户|那个客户|这位|有[个位名]|有客户|有用户|有人|发现|看到|听到|查了|核实|解释了|沟通了|说(?:了|要|他|她|是|不)|威胁|(?<![率的有何么])要求(?!是|多少|标准|有|高|低)|导致|造成|(?:我|我们)(?:已经?|都|就|也)?(?:没给|没答应|没同意|没敢|说(?:了|不|过|我)|跟[他她]|告诉[他她]|给[他她]|让[他她]|拒绝|解释|提醒|劝|安抚|查)|(?:[他她]|对方)(?:就|又|还|老|一直|现在)?(?:骂|吼|凶|威胁|不挂|不走|不肯|不干|要告|要投诉)|骂(?:了)?我|(?:客户|用户|顾客|业主|会员)(?:又|在|要|都|已经?)?(?:投诉|举报|告|骂|催|找)(?:了)?我|[0-9]{3,}|\*{3}",
    r"\b(?:just (?:now|found|saw|heard|called)|today|yesterday|this (?:morning|afternoon|evening|week|customer|client|caller|guy|man|woman)|last (?:night|week|month)|right now|already|currently|there(?:'s| is) a|(?<!when )(?<!if )an? (?:very )?(?:\w+ )?(?:customer|client|caller|man|woman|guest) (?:\w+ ){0,3}(?:is|has|was|called|wants|says|said|demands|keeps|came|insists|threatens)|noticed|discovered|found (?:out|that|a|an|the|some|our)|I saw|asked me|told me|(?:is|was|are|were|keeps) (?:\w+ing) (?:at )?(?:me|us)|(?:he|she|they) (?:says|said|threatens|threatened|wants|wanted|refuses|refused)|since|for \d+|\d{3,}|\*{3})",
)
OTHERS_REFUSE = _words(
    r"(?:部|科|处|室|中心|组|那边|那头|他们|对方|售后|财务|物流|仓库|技术|销售|工程|人事|厂家)(?:也|都|又)?(?:说|回复?|回话)?(?:他们|这)?(?:也|都|又)?(?:不(?:管|归|接|收|认|受理|负责|肯|处理)|没人(?:接|理|管|回)|推(?:给|回|来)|踢)",
    r"(?:they|finance|sales|logistics|hr|it|billing|accounting|legal|maintenance)(?: department| team)? (?:also )?(?:refus\w+|won'?t|don'?t (?:want|accept|handle)|sent (?:him|her|it|them) back|says? (?:it'?s )?not)",
)
"""The other department does not take it."""
WITHDRAWN = _words(
    r"(?:不用|不必|别|无需|不要)(?:再)?(?:往上)?(?:走|递|送|交|升)(?:上去)?了|撤(?:诉|了投诉|销(?:了)?投诉|回(?:了)?投诉)(?:了)?",
    r"(?:搞定|解决|处理|平息|摆平|谈好|和好|哄好|说通)(?:了|好了|完了)(?:哈|啦|呀|哦)?[^。！!？?\n]{0,14}(?:不用|不需要|没(?:别的|什么|啥)?(?:事|问题)|就是(?:说|告诉)|谢)",
    r"\b(?:got|been|is|was|were|all|now) (?:sorted|handled|solved|resolved|fixed|settled)\b|\bnothing (?:more|else|further|left) to (?:do|report)\b|\bno (?:further )?action (?:needed|required)\b",
    r"(?:不用|不必|别|无需|不要)(?:再)?(?:管|报|上报|处理|升级|发|跟进)了|当我没说|撤回(?:上一条|刚才|这个)?(?:申请|请示|上报)?$|(?:发|点|按)错了(?:群|人|按钮)?(?:不好意思)?$|没事(?:儿)?了|虚惊一场|^不用了|(?:客户|用户|他|她|我们?|对方|问题|事情|已经|刚才)[^，。,\n]{0,6}(?:自己)?(?:已经)?(?:解决|搞定|弄好|谈妥|和解)了[。.!！]?$",
    r"(?:他|她|客户|用户|业主|家属|顾客|客人|乘客|对方|人家)(?:们)?(?:也|都|就|已经?|表示|说)*(?:接受|同意|认可|理解|满意|明白|知道|清楚)了?[\s，,。]{0,2}(?:也|都|就)?(?:没(?:有)?(?:别的|其[他它]的?|什么|啥)(?:事|要求|意见|问题)?|谢谢|谢了|谢过|记(?:一下|个)?就)(?![\s\S]{0,80}(?:但|不过|可是|结果|又))",
    r"办(?:完|好|妥|成)了[\s，,。]{0,2}(?:客户|用户|对方|他|她|人家)?[^，。,\n]{0,3}(?:满意|没问题|没意见)|(?:记(?:一下|录)|登记一下|回复一下|知道)(?:就)(?:好|行|可以)了?[。.!！]?$|不(?:是|算)(?:客户|什么)?投诉(?:哈|了)?[。.!！]?$|我没事[，,\s][^。\n]{0,12}(?:记录|工单)(?:也|都)?(?:写|登|填)(?:了|好了|过了)",
    r"\b(?:they(?:'re| are)|he(?:'s| is)|she(?:'s| is)|(?:guest|customer|client|caller)s? (?:is|are)) (?:all )?(?:happy|fine|satisfied|okay?|good) (?:now|again|with (?:it|that))\b|\bno (?:further )?action\b(?! (?:was|has|by|from|so far))",
    r"\b(?:never ?mind|false alarm|all (?:good|sorted|solved|resolved) now|no need (?:to escalate|any ?more)|already (?:solved|resolved|sorted))\b",
)
"""The writer takes it back."""
SOCIAL = _words(
    r"^(?:谢谢|感谢|多谢|谢啦|辛苦|早上好|晚上好|大家早|早安|晚安|新年好|节日快乐|生日快乐|收到|好的|明白)",
    r"(?:谢谢|多谢|感谢|谢了|谢啦|辛苦)(?:你|您|大家|各位|哈|啦|了|呀|哦|支持)*[~～!！。,，\s^_]*$",
    r"(?:被|受到?)(?:客户|用户|顾客|会员|客人)[^，。,\s]{0,3}(?:夸|表扬|点赞|感谢)|(?:客户|用户|顾客|客人|会员)[^，。,\s]{0,4}(?:夸(?:了|我|咱)|表扬|点(?:了)?赞|送(?:了|来|我)?[^，。,\s]{0,3}(?:锦旗|奶茶|花)|写(?:了)?(?:封)?感谢信|给(?:了)?(?:个)?(?:五星|好评))",
    r"哈哈|嘻嘻|嘿嘿|(?:中午|晚上|今天|一会儿?)吃(?:啥|什么)|好困|好饿|\b(?:lol|haha+)\b",
    r"开心(?:死|坏|极)?(?:了)?|太(?:开心|高兴|感动)|人(?:真|特别?|挺)好|好暖|请(?:我|大家)(?:喝|吃)|带(?:了)?(?:早饭|早餐|奶茶|豆浆|蛋糕)",
    r"^(?:thanks|thank you|thx|ty|cheers|good morning|got it|noted)\b|\b(?:thanks|thank you|thx|cheers)(?: (?:a lot|so much|again|all|everyone|team|guys))?[\s!.~]*$",
    r"\b(?:customer|guest|client)s? (?:praised|thanked|loved|complimented|left (?:a )?(?:five|5)[- ]star)|made my day|so (?:happy|nice of)\b",
)
"""Thanks, praise, a greeting: nothing that anybody has to decide."""
WISHES = _words(
    r"帮(?!(?:了|我)*大忙|助很大|到)|麻烦|拜托|请(?!我|大家|客)|求(?!职)|需要|处理|上报|报(?:一下|上去|给)|升级|转(?:给|到|接|交)|尽快|催|怎么办|(?:客户|用户|顾客)[^，。,\s]{0,4}(?:要|催|闹|急|骂|等)|投诉|没(?:人|有)|不(?:行|肯|给|通|了)",
    r"\b(?:please|pls|plz|help|need|want|urgent|asap|escalate|report|fix|refund|angry|upset|but|however)\b",
)
"""Wants something, whatever it begins or ends with."""
NOTES = _words(
    r"(?:培训|学习|上课|会议|班会|听课)?(?:笔记|心得|摘抄|知识点|要点)[\s:：,，]?|(?:帮我|给我|麻烦)(?:存|记|保存|收藏|备份)(?:一下|下来|下|好|起来)[哈吧呗啊。!！~\s]*$|^(?:模拟|演练|练习)(?:题|稿|用)|假设(?:客户|有个|一个)|仅供(?:练习|培训|参考)",
    r"\b(?:training|study|class|workshop|lecture) notes?\b|\b(?:save|keep|store) (?:this|these|it)(?: for me| for later| please)?[\s.!]*$|\b(?:practice|mock|example|hypothetical) (?:case|scenario|text|exercise)\b|\bthis is (?:only |just )?a drill\b",
)
"""Something to be kept or practised on, not something that happened."""
FEEDBACK = _words(
    r"(?:你|您)(?:们)?(?:这|那)?个?(?:机器人|系统|助手|AI|bot)|(?:机器人|你)(?:上[次回]|之前|刚才|昨天|今天)?(?:给我?|告诉我?|答|回答|回|说)(?:的)?[^。！!？?\n]{0,24}(?:错|旧|不对|过时|过期|太长|太短|太慢|看不懂|没用|不准)|把?(?:答案|回答|回复)(?:能不能|可不可以|能)?(?:写|弄|搞)?(?:短|长|快|简单|详细)(?:一?点|些)",
    r"\b(?:your|the bot'?s?|this bot'?s?) (?:last |previous |earlier )?answers? (?:was|were|is|are) (?:wrong|outdated|too|useless|not)|\b(?:this|the|stupid|dumb) bot\b|\byou (?:told|gave) me (?:the )?(?:wrong|old|outdated)",
)
"""About the bot and its answers."""
INQUIRY = re.compile(
    r"^(?:你好|您好|hi|hello|在吗|那个)?[\s,，。!！]*(?:请问|想问|问一?下|咨询一?下|想咨询|请教)[^。！!\d*]{2,60}[?？][^。！!\d*]{0,20}$",
    re.I,
)
"""One question, asked as one, with nothing of its own in it."""
VAGUE = _words(
    r"随便(?:写|填|编)|(?:你|您)?看着(?:写|办|填|弄|来)|你懂的|你(?:们)?(?:都)?知道的?(?:吧|呀)?|老样子|老问题|还是(?:那|上次)(?:个|件|样)?(?:事|人|问题)?|上(?:次|回)(?:那个(?!样)|说的|讲的)|刚才(?:那个|那位|说的)|就(?:那|这)(?:个|件)事|具体(?:我)?(?:也)?(?:不(?:清楚|知道|了解)|没问)|细节(?:以后|回头|晚点)(?:再)?(?:补|说)|先(?:报|写)(?:上|个)?(?:再说|着)",
    r"\bsomething about\b|\bidk\b|\bi don'?t know (?:what|the details|much|more)\b|\byou know (?:the one|which one|who)\b|\bthe usual\b|\bsame (?:as|thing as|old)\b|\bjust (?:write|file|make|put) (?:it|something|one|that|anything)\b|\bthat (?:thing|customer|guy|case) (?:from|again|earlier)\b|\bdetails (?:later|to follow)\b",
)
"""Refers to what the reader should know, and does not tell it."""
_OFFICE = r"[\u4e00-\u9fff]{2,8}?(?:部门?|科|处|中心|分公司|事业部)"
TRANSFER = _words(
    r"(?:派|分派|派单|派工)(?:给|到)(?:一下)?[^，。,\n]{0,6}(?:维修|师傅|工程|检修|班组|装维|抢修|技术)",
    r"\b(?:send|assign|give|move|pass) (?:this|it|that)(?: \w+)? (?:on )?to (?:the )?(?:accounts?|accounting|billing|finance|sales|logistics|warehouse|it|legal|maintenance|engineering|after-?sales|repairs?|technical|hr)\b",
    r"报修(?:登记|一单|一条|单|工单)|报修[^。！!？?]{0,90}(?:派|安排|请|让|叫)(?:个|一个|下|一?位)?(?:师傅|维修|工程|人员|人(?:上门|过去))|(?:线索|商机)[^，。,]{0,6}(?:给|转|交|推)",
    rf"(?:属于?|归){_OFFICE}(?!规定|要求)|由{_OFFICE}(?:负责|办理|受理|处理|管)|{_OFFICE}(?:负责|管)的|不(?:归|属于?)(?:我们?)?(?:客服|坐席|热线|这边)|(?:协助|帮忙?|代为|请[^，。,\s]{0, 6})(?:转接|转过去|转交|转给|移交)|(?:转|给)(?:给)?(?:哪边|哪里|哪个部门)|{_OFFICE}(?:那边)?的(?:事|活|业务|范围)|(?:人力资源|人资|信贷|财务|法务|采购|市场|工程|餐饮|宴会|物业|渠道)(?:部)?(?:那边)?(?:的事|的吧|管的)",
    r"(?:(?:这|那)(?:块|事|个|类|种)?(?:事|情况)?|应该?|本来)(?:是?归|属于?)[^，。！!？?,\n]{1,10}(?:组|部|科|室|处|中心|公司|柜台|岗)(?:管|负责)?(?=$|[\s，,。])",
    r"不(?:归|属于|是)(?:我们?|咱们?|本|客服)(?:客服|热线)?(?:公司|部门?|这边|这里|管|负责|组|科|中心)?(?:管|负责|的(?!责任|错|问题|原因|过错)|业务|职责|范围|处理)|我们(?:只)?是[^，。,\n]{2,8}(?:客服|部门|热线|公司|单位)|(?:找|问|联系|打给)(?!(?:金融|市场|银保|工商|质监|食药|劳动|信访|仲裁)[^，。,]{0,5}(?:局|委|会|院))[^，。,\n]{1,6}(?:公司|局|厂家|开发商|物业|居委会|派出所|银行)|我们(?:这里|这边|部门)?(?:只|不)(?:负责|管|做|办|受理|提供|经营)|没有这(?:个|项|块)业务|不归(?:我|咱)|(?:别的|其他|其它|另一个|另外的?|隔壁|兄弟)(?:部门|科室|单位)|(?:归|该|由|是)(?:谁|哪[个边里])(?:来)?(?:管|负责|处理)|哪个(?:部门|科室|单位|组)|(?:部门|科室)的(?:事|业务|活)",
    r"我们(?:这|家|公司|店|这边|这里)?(?:只|就|都|又)?不?是(?:只|专门)?(?:做|卖|修|管|搞|送|开|搬|装|查|办)[^，。,\s]{1,8}的|(?:是|归|算)[^，。,\s我他她你班主经领]{1,7}的(?:事|活|业务|职责)(?!实|情|务|项|故)",
    r"转(?:给|到|交|接|去|至)?[^。！!？?，,\n]{0,6}(?:哪|谁|部(?!分)|组|科(?!技)|中心|处(?!理)|室|售后|售前|财务|物流|技术|工程|业务|销售|仓库|维修|采购|人事|行政|法务|客户经理)|该(?:找|转)(?:谁|哪)|(?:应该|应|得|要|需要)(?:由|找|去找|归)[^。！!？?，,\n]{0,8}(?:部门?|科|室|处|组|中心|财务|物流|仓库|售后|技术|销售|维修|人事)",
    r"(?:属于|归)[^。！!？?，,\n]{1,8}(?:部门?|科|处|室|中心|公司|组)(?:管|负责|的|处理)|(?:找|打)错(?:了)?(?:地方|部门|人|电话)|打(?:到|来)(?:了)?(?:我们|咱们?)(?:这|热线|客服)|(?:跟|找|和)(?:人事|财务|销售|采购|法务|物业)谈|应聘|求职|供应商|投标|(?<!我)推销(?!员)|招商|隔壁(?:柜台|店|公司)|移交|转交|工作联络单|转办|(?:财务|物流|技术|工程|人事|行政|法务|采购|仓储|销售|业务|维修|市场|售后)部?(?:负责|管的?|的事|那边|处理)",
    r"签(?:个|一份|一个|份|下|订)?[^。！!？?，,\n\s]{0,8}(?:合同|协议|大单)(?![上里中])|(?:不能|不允许|不可以|没资格|不让)签(?:单|约|合同|$|[\s，,。])|(?:想|要|打算|准备)(?:签单|签约|签合同|下单采购|批量采购|加盟|做代理|谈合作|合作)",
    r"\b(?:not (?:our|my|us|handled by us|in our)(?: department| team| area| business| scope| job| responsibility)?|isn't (?:our|us|handled)|wrong (?:department|team|number|extension)|(?:an)?other (?:department|team)|different (?:department|team)|which (?:department|team)|who (?:should|handles|is responsible for)|(?:transfer|forward|hand|pass|redirect|route) (?:\w+ ){0,5}?(?:over )?to (?:the )?(?:finance|sales|logistics?|hr|it|technical|tech|warehouse|billing|accounting|legal|after-?sales|maintenance|repair|engineering|procurement|shipping|another|someone)|(?:talk|speak|be put through|get through|connected?|put (?:him|her|them) through) to (?:the )?(?:finance|sales|logistics|hr|it|technical|warehouse|billing|accounting|legal|maintenance|procurement|shipping)|job (?:application|interview)|supplier|belongs to|(?:finance|sales|logistics|hr|technical|warehouse|billing|accounting|legal|maintenance|procurement|shipping) (?:department|team|matter|issue|question))\b",
)
HANDED_OVER = _words(
    r"(?:帮我|帮忙|麻烦|请|直接|应该?|要|给)?(?:派|分派|派单|派工)(?:给|到)(?:一下)?[^，。,\n]{0,6}(?:维修|师傅|工程|检修|班组|装维|抢修|技术)",
    r"\b(?:pls|plz|please|can you|could you|kindly) (?:send|assign|give|move|pass) (?:this|it|that)(?: \w+)? (?:on )?to (?:the )?(?:accounts?|accounting|billing|finance|sales|logistics|warehouse|it|legal|maintenance|engineering|after-?sales|repairs?|technical|hr)\b",
    r"帮(?:我|忙|她|他|客户|用户)?(?:把[^，。,]{0,12})?(?:转|移|递)(?:给|到|交|接|去|往|至)?(?:一下)?[^，。！!？?,\n]{0,8}(?:售后|售前|技术|财务|物流|仓库|仓储|维修|工程|业务|销售|信贷|法务|人事|人力|行政|采购|市场|渠道|客户经理|那边|部门?(?!分)|科室|中心)",
    r"(?:线索|商机|意向|单子|需求|客户)[^，。,]{0,6}(?:给|转|交|推)(?:给)?[^，。,\s]{1,6}(?:那边|跟进?|同事|部)",
    r"报修[^。！!？?]{0,90}(?:派|安排|请|让|叫)(?:个|一个|下|一?位)?(?:师傅|维修|工程|人员|人(?:上门|过去))(?:上门|过去|来|看|去|吧|$)",
    r"报修(?:登记|一单|一条|单|工单)|(?:都|已经?|全)?(?:跟读|复述)(?:过|了|确认)",
    r"转(?:给|到|去)?哪(?:个|边|里)?(?:部门|科室|组)?",
    r"(?:(?:这|那)(?:块|事|个|类|种)?(?:事|情况)?|应该?|本来)(?:是?归|属于?)[^，。！!？?,\n]{1,10}(?:组|部|科|室|处|中心|公司|柜台|岗)(?:管|负责)?(?=$|[\s，,。])",
    r"(?:帮我|帮忙|麻烦|请|要|应该?|需要?|得|直接|申请|烦请)(?:给|把[^，。,\n]{0,12})?转(?:给|到|交|接|去|往|至)?(?:一下)?[^，。！!？?,\n]{0,8}(?:售后|售前|技术|财务|物流|仓库|仓储|维修|工程|业务|销售|信贷|法务|人事|人力|行政|采购|市场|渠道|客户经理|护理|药房|教务|餐饮|客房|部门?(?!分)|科室|中心|同事|那边)",
    r"\b(?:please|can you|could you|should|need to|needs to|must) (?:be )?(?:transfer(?:red)?|forward(?:ed)?|pass(?:ed)?|hand(?:ed)?|rout(?:e|ed)|redirect(?:ed)?) (?:\w+ ){0,6}?to (?:the |our )?(?!my\b|manager|supervisor|shift|team lead)\w+",
)
"""Asks in so many words that a matter be handed to another department."""
AFTERWARDS = _words(
    r"(?:昨|前天|上周|上个?月|当时|那天|那晚|已经?(?:处理|解决|恢复|扑?灭|结束))[\s\S]{0,160}?(?:让我|叫我|要我|需要|现在|我)?(?:来)?补(?:个|一个|一份|份|交|写)?(?:请示|书面|情况|事后|越级)?(?:报告|说明|材料|汇报)",
    r"^[^，。,\n]{0,6}补(?:个|一个|一份|份|交|写)(?:请示|书面|情况|事后|越级)?(?:报告|说明|材料|汇报)",
    r"\bafter[- ]the[- ]fact report|\b(?:last night|yesterday|last week)\b[\s\S]{0,200}\b(?:report (?:it |this )?afterwards|follow-?up report|write (?:it|this) up)",
)
"""Tells afterwards what was done without those who could not be reached then."""
PAST_CLAIM = _words(
    r"(?:要|让|叫|求)(?:我们|咱们?|公司|酒店|商场|店里|物业|学校|你们)?(?:先)?(?:垫付?|赔|报销|承担|公开道歉|出(?:医药费|钱))|救护车(?:已经?)?(?:拉|送)走|律师函|律师信|起诉状|传票|法院(?:通知|传票)|索赔函|(?:要求|索要|索赔|赔偿)[^。！!？?\n]{0,6}(?:医疗费|误工费|医药费|精神损失)",
    r"\b(?:lawyer'?s? letter|letter from (?:a|his|her|their) lawyer|law firm|medical (?:bills?|expenses?|costs?)|summons)\b",
)
"""A claim for what happened some time ago: by itself no danger now."""
DANGER_NOW = _words(
    r"现在|正在|刚(?:刚|才)|还在|马上|救命|快(?!递|捷|速|手|餐|件|修|[一二两三0-9])|120|119|110|报警|晕|昏|流血|不省人事|威胁|带刀|扬言|着火|冒烟",
    r"\b(?:now|right now|still|just|ambulance|bleeding|unconscious|threat\w*|on fire|smoke|weapon|knife)\b",
)
FILLER = _words(
    r"坏了坏了|弄|特急|紧急|着急|急|快点|赶快|赶紧|快来|马上来|快|来人|来个人|过来|来|出大事|出事|出问题|出状况|大事|不好|不得了|完蛋|完|救命|帮帮|帮忙|帮|麻烦|领导|班长|组长|现场主管|主管|总经理|经理|老板|亲|大家|有人|在吗|在不在|在|怎么办|咋办|怎么|有问题|问题|情况|状况|有点|事情|事|处理|解决|搞不定|看看|看|一下|客户|用户|顾客|投诉|升级|上报|报告|非常|特别|真的|很|太|严重|重要|生气|了|啊|呀|哦|呢|吧|吗|嘛|哈|哎|唉|这个|那个|这边|这里|这|那|我|你|您|他|她|们|的|得|有|要|想|请|好|个|人|大|给|跟|说|就|都|也|还|是|不|联系|电话|回复|速度|求助|求|支援|需要|别|问|您好|谢谢|反[映应]|比较|尽快|尽早|抓紧|相关|方面|看着办|打(?:来|进来|过来)|来电|昨天|今天|又|就|出|事儿|老|非得|继续|一个|两个|几个|下|点|咋回事|咋整|炸|疯|跪|顶不住|扛不住|烦死|受不了|崩溃|感谢|辛苦|催[得的]?[紧急厉]?害?|紧|那边|那头|能|没|又|怎|咋|办|很多|一直|啥|什么|搞|整|吗|让|被|对|现在|这会儿?|刚刚?|已经|再|先|真|！|!",
    r"\b(?:please|pls|plz|help|urgent(?:ly)?|asap|emergency|problem|issue|trouble|something|someone|anyone|anybody|happened|happening|bad|terrible|serious|big|come|here|quick(?:ly)?|now|immediately|hurry|need|needs|want|i|we|you|it|its|it's|is|are|was|am|me|my|us|a|an|the|this|that|there|there's|to|of|in|on|at|for|with|and|so|very|really|what|do|should|can|could|boss|leader|supervisor|manager|team|customer|client|complaint|complain|complained|complaining|angry|upset|escalate|call|back|got|have|has|just|right|hello|hi|hey|sir|madam|everyone|fast|soon)\b",
)
"""Words that carry no facts: what remains without them tells whether there is anything to go on."""
