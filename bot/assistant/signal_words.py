"""The words by which a report is understood, in Chinese and English: one pattern per sign."""

from __future__ import annotations

import re


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.I)


# -- who is spoken of ---------------------------------------------------------------------------
GENERAL_MANAGER = r"总经理|老总|总裁|大老板|老板|general manager|\bCEO\b|\bGM\b|the boss"
MANAGER = r"(?<!总)(?<!产品)(?<!客户)(?<!项目)(?<!大堂)(?<!店)(?:部门)?经理|(?<!general )(?:department |centre |center )?manager"
SUPERVISOR = r"(?:现场|客服|值班|当班)?主管|店长|督导|(?:floor |duty )?supervisor"
LEADER = r"(?:当班|值班|现场)?(?:班长|组长)|值班长|带班|领导|(?:shift |team |group |my |our |the )?\bleader\b|(?:shift|team|group) lead\b"
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
    r"联系不[上到着]|联络不[上到]|打不通|不通|没(?:有)?人接|无人接听|[不没](?:有)?接(?!受|待|触|班|到)|关机|停机|失联|找不[到着]|没找到|没联系上|没打通",
    r"没(?:有)?回(?!家)|不回(?!家)|没(?:有)?上班|没来|请假|休假|出差|休息|调休|病假|不在(?!乎|意|理|状态)|走开|下班|没找着|人影|不见人|不知(?:道)?(?:去|跑|在)哪|去(?:了)?(?:总部|外地|培训|医院|厕所|开会|吃饭|食堂|别的)|在(?:培训|外地|总部|路上|医院|吃饭)|住院|生病|病了|病倒|离职|调走|(?:产|丧|婚)假|在飞机上|开会(?!说|通知|讨论|宣布)|外出",
    r"unreachable|can'?t (?:be )?reach|cannot (?:be )?reach|couldn'?t (?:be )?reach|could not reach|not reachable|unable to reach|no answer",
    r"(?:not|n't|isn't|aren't) (?:answer|pick|respond|reply|available|in\b|here|around)|on (?:sick |annual )?leave|on a (?:business )?trip|out of (?:the )?office|\baway\b|\babsent\b|phone (?:is |was )?off|unavailable|off (?:duty|sick|today)|on vacation|on holiday|on a flight|went home",
)
REACH_OBJECT = re.compile(
    r"(?:联系不[上到着]|联络不[上到]|打不通|找不[到着]|没找到|没联系上|联系过|can(?:'?t|not) (?:reach|find|get hold of)|could(?:n'?t| not) (?:reach|find|get hold of)|unable to reach)$",
    re.I,
)
CANNOT = _words(
    r"没(?:有)?(?:这个|这|那个|那么大的?|处理)?(?:的)?(?:权限|权力|权)|权限不[够足]|无权|(?:解决|处理|决定|答复|回答|批|管|定|弄|办|答|回)不了|做不了主|拿不(?:了|定)主意|搞不定|不敢(?:定|批|做主)",
    r"也?没(?:有)?办法|没辙|也不(?:知道|清楚|会|懂)|(?:让|叫|要|喊|建议)我(?:们)?(?:再|去|自己|直接|先)?(?:往上|向上|逐级|上报|找|问|报|请示|联系|跟|向)(?!(?:他|她|写|记|补|把|登记))",
    r"(?:要|得|需要|等)(?:主管|经理|总经理|上级|上面|领导)(?:批|定|决定|同意|点头|拍板|签字)|超出(?:他|她)?的?(?:权限|职权|范围)|不归他管|不归她管",
    r"(?:can'?t|cannot|could(?:n'?t| not)|unable to|not able to) (?:solve|decide|approve|handle|resolve|help|fix|authori[sz]e|do (?:anything|it|that))|no (?:authority|permission|power)|not authori[sz]ed|(?:above|beyond) (?:his|her|their) (?:level|authority|limit|power|pay)|(?:told me|said|says|asked me|wants me)(?: I should)?(?: to)? (?:ask|escalate|go|take|report|contact|pass|speak|talk)|(?:doesn'?t|does not|didn'?t) (?:know|have (?:the )?(?:authority|permission))",
)
REPORTED_UP = _words(
    r"(?:已经?|也|刚刚?|早就|都)?(?:跟|向|给|和|找|报告?给?|通知)(?:了)?(?:现场|客服|值班)?(?:主管|经理|上级|上面|领导).{0,4}(?:说|报|汇报|反映|反馈|提|讲|上报|请示)(?:告)?(?:过|了)",
    r"(?:已经?|也|刚刚?|早就)(?:往上|向上)?(?:上报|报上去|往上报|报主管|报经理)(?:了|过)?",
    r"(?:already |has |have )+(?:told|reported|informed|escalated|notified|passed)",
)
IGNORED = _words(
    r"不用(?:管|理)|不(?:管|理(?!解)|处理|解决|回应|受理|作为)|别管|没(?:有)?(?:理|管|回应|反应|下文|消息|动静|处理|人管)|让我(?:自己|别|忍|先忍|不要)|不当回事|敷衍|(?:先)?(?:不要|别|不用|不让我?|不准我?|不许我?)(?:往上)?(?:报|声张|说出去|上报|外传)|推脱|推诿|压着不报|置之不理|不了了之|不关(?:他|她|我|我们)的?事|不是(?:他|她)的事|懒得",
    r"ignor(?:ed|es|ing)|did nothing|does nothing|refus(?:ed|es) to (?:help|act|handle|report)|brush(?:ed)? (?:me|it) off|no response|nothing (?:happened|was done)|told me to (?:forget|drop|keep quiet|deal with it)",
)
ACCUSE_BEFORE = re.compile(
    r"(?:投诉|举报|检举|揭发|控告|告发|告|弹劾|反映)(?:一下|的是|的就是)?(?:我们?的?|咱们?的?|那个|这个|当班的?|值班的?|那位)?$"
    r"|(?:complain(?:t|ts|ing)? (?:about|against)|report(?:ing)?|accus(?:e|ing)|grievance against) (?:my |our |the |a |that )*$",
    re.I,
)
QUARREL_AFTER = re.compile(
    r"^(?:[^，,。！!？?\s客用顾]{0,8}?)(?:吵|闹翻|闹矛盾|起(?:了)?冲突|有矛盾|发生(?:了)?(?:争执|冲突|口角|矛盾))"
)
ACCUSE_TO = re.compile(r"(?:向|跟|找|给|和|同|到|with|to) ?$", re.I)
ACCUSE_AFTER = re.compile(
    r"^(?:都|也)?被(?:客户|用户|顾客|人|业主|家属)?(?:投诉|举报|告)"
    r"|^(?:天天|总是?|老是|每次都?|一直|又|竟然|居然)?(?:让|叫|逼|指使|强迫|暗示)我(?:们)?[^。！!？?\n]{0,20}(?:改成|造假|作假|删|撒谎|骗|瞒|背锅|顶罪|签假|假的)"
    r"|^(?:天天|总是?|老是|每次都?|从来都?)(?:让|叫|逼|给|安排)我(?!们?(?:报|写))"
    r"|^(?:[\u4e00-\u9fff]?\*+(?:先生|女士)?)?(?:这个人|本人|自己|他|她|总是|经常|一直|天天|老是|又|也|居然|竟然|当众|今天|昨天|昨晚|刚才|刚刚|刚|的)*"
    r"[^,，。！!？?；;\s客用顾]{0,10}?"
    r"(?:不公|偏心|骂|辱|骚扰|针对|克扣|扣我|乱扣|收(?:了)?(?:客户|用户|顾客)?的?(?:红包|钱|回扣|好处)|索要|私[自下]|偷|泄[露密]|偷拍|拍了|拍客户|造假|作假|弄虚|打人|打我|动手|推我|喝酒|酒后|睡觉|态度|欺负|穿小鞋|压榨|PUA|占便宜|摸我|改我|篡改|隐瞒|瞒报|压着|包庇|威胁我|要挟|卖客户|卖给|倒卖|外传|导出|把客户|把用户|把顾客|把会员|把内部|违规|违纪|乱排|吃拿卡要|报复|推卸|甩锅|故意)",
    re.I,
)
ACCUSE_AFTER_EN = re.compile(
    r"^(?:'s)?[^.!?;]{0,60}?\b(?:not fair|unfair|(?:his|her) (?:own )?(?:friends|favou?rites)|yell|shout|swor|swear|harass|bull(?:y|ies)|unfair|touch|groped?|took (?:money|bribes?|a photo|photos|pictures)|stole|leak|s(?:old|ell|elling) (?:our |the |customer)|insult|humiliat|threaten(?:s|ed|ing)? me|discriminat|retaliat|falsif|fak(?:ed|ing)|drunk|favou?r|photograph|forward(?:ed|ing)? (?:the |our |customer)|cover(?:ed|ing)? up)",
    re.I,
)
WANTS_HIGHER = _words(
    r"(?:要|想|得)(?:见|面见|找到?)|写信给|捅到|反映到|反映给|直接(?:找|跟|向|报|给|上报|汇报|联系|去|投诉|发)|越级|跳过|绕过|不(?:想|愿|要)(?:找|跟|经过|通过|告诉|给)|能不能(?:直接)?找",
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
_DATA = r"(?:资料|信息|数据|名单|身份证|银行卡|证件|手机号|电话号|号码|隐私|账单|账号|通话记录|通话录音|录音|档案|住址|地址|聊天记录|密码|病历|合同|客户表|表格|Excel|截图|内部文件|工单内容|通讯录|库)"
_OUT = r"(?:泄[露漏密]|外泄|失密|偷拍|拍(?:照|了|下|成)|拷贝|拷走|拷到|导出|导走|倒卖|贩卖|卖(?:给|了|掉|出)|出售|转发|转给外|发到|发在|发进|发上|发朋友圈|传到|传给|传上|上传|外传|流出|外流|透露|晒|贴到|贴在|公开|发错|发给(?!我|客服|班长|主管|经理|领导)|告诉(?:了)?(?:别人|外人|朋友|他人|其他|第三|前夫|中介|同行)|带出|带走|带回家|抄走|抄下|丢了|遗失|弄丢|被盗|黑客|被黑|撞库)"
LEAK = _words(
    rf"{_OUT}[^。！!？?\n]{{0,24}}{_DATA}",
    rf"{_DATA}[^。！!？?\n]{{0,24}}{_OUT}",
    r"(?:冒充|诈骗|钓鱼|套取|骗取|套话|冒名)[^。！!？?\n]{0,20}(?:资料|信息|客户|用户|公安|警察|领导|电话|验证码)",
    rf"(?:捡到|捡了|落下|遗落|没收好|摊在|扔在|丢在|随手放|忘在)[^。！!？?\n]{{0,24}}{_DATA}|{_DATA}[^。！!？?\n]{{0,24}}(?:捡到|落下|遗落|扔在|丢在|忘在|被人?翻|翻看)",
    r"(?<!气)(?<!斯)(?<!体)泄露(?!气|的?气体)|盗刷|盗号|远程控制|中了?(?:木马|病毒|勒索)|泄密|失泄密|信息泄[露漏]|数据泄[露漏]|资料外泄",
    r"\bdata (?:breach|leak)|\bleak(?:ed|ing|s)?\b",
    r"(?:sent|forward(?:ed|ing)?|post(?:ed|ing)?|shar(?:ed|ing)|s(?:old|elling)|export(?:ed|ing)?|cop(?:ied|ying)|photograph(?:ed|ing)|upload(?:ed|ing)?|emailed|took (?:a )?(?:photos?|pictures?)|screenshot(?:ted)?|film(?:ed|ing)|record(?:ed|ing) on|read (?:out|aloud))[^.!?\n]{0,60}(?:personal (?:data|info)|customer(?:s'|'s)? (?:\w+ )?(?:data|info\w*|list|records?|id|numbers?|details)|client (?:data|list|info\w*)|id cards?|passport|bank cards?|phone numbers?|customer)",
    r"(?:id cards?|bank cards?|phone numbers?|passports?|\bID\b|customer (?:data|list|records|info\w*))[^.!?\n]{0,70}(?:posted|leaked|exposed|shared|sold|forwarded|filmed|photographed|read (?:out|aloud)|on (?:wechat|facebook|social media))",
)
SAFETY = _words(
    r"着火|起火|失火|火灾|火警|冒烟|冒火|烧焦|烧着|焦糊|糊味|焦味|爆炸|爆燃|漏电|触电|电伤|(?:燃气|煤气|天然气|瓦斯)(?:泄[露漏]|味|漏)|(?:机房|机柜|配电|服务器|天花板|电箱)[^。!！?？]{0,8}(?:漏水|进水|水淹|淹)",
    r"烫[到伤着]|爆裂|爆开|喷出|夹住|卡住(?:了)?(?:手|脚|头|人)|压[住伤到]|砸[到中坏]|吹倒|撞[到上伤]|咬[伤了]|窒息|噎[住着]|溺|上吐下泻|食物中毒|吃坏|呕吐|过敏|送(?:到|往|去|了)?(?:医院|急诊)|台风|暴雨|暴雪|晕倒|昏倒|昏迷|休克|抽搐|吐血|流血|出血|心脏病|心梗|喘不上|呼吸困难|倒地|没有?意识|受伤|骨折|摔伤|烫伤|砸伤|中毒|猝死|急救|救护车",
    r"打人(?!工)|打架|斗殴|动手(?!术|能|做)|持刀|拿(?:着|了|出)?(?:一把)?刀|带(?:着|了)?刀|菜刀|匕首|砍(?:人|死|我|伤|你)|打砸|砸(?:了)?(?:东西|店|电脑|门|玻璃|柜台|前台|桌|设备|大厅)|硬闯|闯进|冲进来|堵(?:住)?(?:了)?(?:门|大门|出口)|围堵|劫持|扣(?:住|留)(?:了)?(?:人|同事|我们)",
    r"跳楼|自杀|轻生|割腕|喝农药|不想活|活不下去|想死|寻死|要(?:他|她|你)?死给|杀(?:了|人|你|我|死|全家)|弄死|捅(?:死|人|我|你)|炸弹|炸死|引爆|炸掉|纵火|放火|浇?汽油|泼油|地震|洪水|内涝|山洪|塌方|坍塌|倒塌|被困|困在|跟踪|尾随|枪",
    r"\b(?:on fire|a fire|caught fire|fire (?:broke|alarm)|flames?|smok(?:e|ing|y)|burning|explo(?:de|sion)|gas leak|smell of gas|electric shock|electrocut\w*|sparks?|collaps(?:ed|ing)|unconscious|faint(?:ed)?|passed out|injur(?:ed|y|ies)|bleeding|bleed|blood|fight(?:ing|s)?|fought|brawl|hospital(?:ized|ised)?|ambulance|poison(?:ed|ing)|chok(?:ed|ing)|drown\w*|typhoon|stuck in the (?:lift|elevator)|heart attack|not breathing|knife|weapon|gun|bomb|attack(?:ed|ing)|assault(?:ed|ing)?|punch(?:ed)?|hit (?:me|a|my|an|our|one)|kill|suicid\w*|end (?:his|her|my) life|trapped|ambulance|earthquake|stalk(?:ing|ed)|smash(?:ed|ing)?)\b",
)
_SYSTEM = r"(?:系统|话务|话机|热线|电话线路|电话|线路|网络|平台|服务器|CRM|呼叫|工单系统|数据库|交换机|机房|支付|短信平台|APP|后台)"
OUTAGE = _words(
    rf"{_SYSTEM}[^。！!？?，,\n]{{0,12}}(?:瘫痪|崩溃|崩了|宕机|全断|全部?掉线|全挂|大面积|全部?打不|全都打不|都打不进|中断|断网|全线|全黑|挂了|停摆|没信号|(?:老是?|总是?|经常|频繁|又|一直|不断|反复)?掉线|卡死|登[录陆]?不[上了]|进不去|连不上|用不了|故障|死机)",
    r"(?:全部|所有|整个|大面积|集体|全员|几十个|一半)(?:的)?(?:坐席|电话|座席|客服|线路|系统|工位|电脑)[^。！!？?，,\n]{0,10}(?:掉线|断|打不|没声|黑屏|死机|瘫|登不|用不了)",
    r"\b(?:system|network|phones?|phone lines?|lines|hotline|platform|servers?|crm|internet|call (?:cent(?:er|re)|queue))\b[^.!?\n]{0,30}\b(?:down|crash(?:ed)?|outage|offline|dead|not working|stopped working|unavailable|failed)\b",
)
MANY = _words(
    r"全部|所有|整个|大面积|全员|全都|都(?:打不|掉|断|登|用)|瘫痪|宕机|崩溃|崩了|中断|停摆|几[百千万十]|上[百千万]|[0-9]{2,}\s?(?:多)?(?:个|名|位|户|条|台|通|万|单)|[0-9一二三四五六七八九十两]+[百千万]|批量|群发|大批|数据库|全线|集体",
    r"\b(?:all|every(?:one|body)?|entire|whole|hundreds|thousands|dozens|mass|bulk|database|\d{2,} (?:customers|clients|users|agents|calls|orders))\b",
)
MAJOR_ERROR = _words(
    r"(?:误|错)(?:发|删|转账|转给|扣|退|派|充|操作|导|报价|承诺|改)|发错|删错|扣错|退错|派错|转错|充错|算错|报错价|标错价|群发错|多扣|重复扣|重复退|多退|操作失误|重大差错|重大事故|生产事故|手滑|(?:不小心|误操作)[^。！!？?\n]{0,12}(?:删|发|退|扣|改|清)|把[^。！!？?，,\n]{0,12}(?:删了|删除了|删掉|清空)",
    r"\b(?:by mistake|accidentally|mistakenly|wrong(?:ly)? (?:sent|charged|deleted|refunded|priced|amount|price|account)|overcharged|double[- ]charged|deleted the|major error|serious (?:error|mistake))\b",
)
MISCONDUCT = _words(
    r"辱骂客户|骂(?:了)?(?:客户|用户|顾客)|跟(?:客户|用户|顾客)(?:吵|对骂|骂)|(?:和|与)(?:客户|用户|顾客)(?:吵|对骂)|挂(?:了|断)?(?:客户|用户|顾客)的?电话|故意挂|私下?收|收(?:了)?(?:客户|用户|顾客)?的?(?:红包|回扣|好处费|现金|钱)|索要|飞单|接私[活单]|私自(?:退|改|查|免|减|接)|造假|刷单|刷好评|代打卡|打卡作弊|值班睡|上班睡|喝了?酒|酒后|醉酒|旷工|脱岗|空岗|偷(?:了|东西|拿|窃)|贪污|受贿|侵吞|冒用|盗用|违规操作|违反纪律|违纪|互殴|骂起来|吵起来|吵架",
    r"\b(?:tak(?:es|ing|en) (?:cash|money|bribes?|gifts?)|took (?:cash|money|a bribe|bribes)|bribe[sd]?|stole|stealing|theft|swore at|cursed at|hung up on|falsif\w+|fake[sd]? (?:records|orders)|drunk|drinking|sleeping on duty|asleep|fraud|kickbacks?)\b",
)
HARASSMENT = _words(
    r"辱骂|骂(?:我|人|得|了|脏|街|骂|不停|的很)|被骂|脏话|爆粗|粗口|人身攻击|问候我|骚扰|调戏|开黄腔|黄色|下流|猥琐|色情|恶意|刁难|无理取闹|胡搅蛮缠|纠缠|侮辱|羞辱|恐吓|威胁(?:我|要)|反复(?:打|来)|不停(?:地)?(?:打|骂|来)|连续(?:打|来|拨)|一(?:直|天)(?:打|来)[^。！!？?\n]{0,6}(?:电话|电|次|个)|打了(?:[0-9]|[一二三四五六七八九十几])+多?(?:个|次|遍|通)|要加我|加我微信|要我(?:的)?(?:微信|电话|手机|私人)|约我|问我(?:住|几点下班|有没有男)|堵我|阴阳怪气",
    r"\b(?:abus(?:e[sd]?|ive|ing)|swear(?:s|ing)?|swore|insult\w*|curs(?:ed?|es|ing)|harass\w*|obscene|sexual\w*|vulgar|verbally|yell\w*|scream\w*|shout\w*|threaten\w*|calls? (?:again and again|over and over|\d+ times)|called (?:me )?(?:\d+|\w+teen|twenty|thirty) times|hits? on me|asks? for my (?:number|wechat|address))\b",
)
COMPLAINT = _words(
    r"投诉|举报|12315|12345|消协|消费者协会|工信部|市场监管|监管部门|曝光|媒体|记者|电视台|抖音|微博|小红书|发(?:到)?网上|直播|律师|起诉|法院|打官司|告(?:你们|我们|公司|到)|上访|信访|拉横幅|横幅|讨(?:个)?说法|要(?:个)?说法|给(?:个)?说法|给(?:他|她)个?交[代待]|赖着不走|不肯走|闹(?:事|着|到|得|起来|了|大)|差评|追着我?要|闹情绪|情绪失控|态度(?:差|不好|恶劣|很差)|很生气|非常生气|愤怒|发火|暴怒|不满意?|拍桌子|迟迟(?:没|不)|没人(?:回访|处理|回复|管|来|回|联系)|拖了|催了",
    r"\b(?:complain(?:t|ts|s|ed|ing)?|lawsuit|sue|suing|lawyer|attorney|media|journalist|reporter|tv station|consumer (?:association|council|rights|protection)|regulator|go public|social media|expose|furious|angry|outraged|bad review|negative review|unacceptable)\b",
)
DEMAND = _words(
    r"(?:客户|用户|顾客|业主|对方|他|她|家属|会员|买家)[^。！!？?\n]{0,12}(?:要求|非要|坚持要?|硬要|一定要|必须|索要|索赔|要我们|让我们|要赔|要退|要免|要换|要补|要减|不肯|不同意|不接受|不认可|拒绝|拒不|死活)|退款|退费|退钱|退货|退一赔|索赔|赔偿|赔(?:他|她|钱|付|[0-9])|减免|免(?:掉|除|收|[0-9一二三两]|他|她)|补偿|补差|换新|换一台|返现|违约金|特批|破例|通融|额外(?:优惠|赠送)",
    r"\b(?:refund\w*|compensat\w*|reimburse\w*|waiv\w*|money back|replacement|demand(?:s|ed|ing)?|insist(?:s|ed|ing)?|discount|exception|damages|credit (?:him|her|them|note))\b",
)
BEYOND = _words(
    r"(?:我|坐席|客服|我们)[^。！!？?，,\n]{0,6}(?:没(?:有)?(?:这个|这)?(?:权限|权力)|权限不[够足]|无权|做不了主|(?:答|处理|解决|答复|决定|办)不了|搞不定)|超出(?:我|本职|坐席|职责|工作|我们|权限)[^。！!？?，,\n]{0,6}|不知道(?:怎么|该怎么|如何)(?:处理|答复|回复|回答|办)|需要(?:上级|领导|主管|经理|班长)|请(?:领导|上级|班长|主管|经理)?(?:批示|审批|指示|支持|定夺|协调|出面|介入)|请示",
    r"\b(?:beyond my|above my|outside my|not authori[sz]ed|no authority|don'?t have (?:the )?(?:authority|permission|power)|I (?:can'?t|cannot) (?:solve|handle|resolve|approve|decide|promise|do that)|need (?:approval|a decision|someone senior|a supervisor|a manager)|please (?:advise|approve|decide)|requires? approval)\b",
)
EQUIPMENT = _words(
    r"(?:电脑|耳机|耳麦|话机|座机|打印机|键盘|鼠标|显示器|空调|灯|饮水机|门禁|软电话|麦克风|工位|椅子)[^。！!？?，,\n]{0,8}(?:坏了?|没声音|没反应|死机|黑屏|蓝屏|开不了|用不了|失灵|故障|不亮|漏水)",
    r"\b(?:headset|computer|laptop|printer|monitor|keyboard|screen|mouse|air con\w*)\b[^.!?\n]{0,20}\b(?:broken|broke|not working|dead|froze|frozen|fail\w*)\b",
)
GRIEVANCE = _words(
    r"(?:排班|绩效|考核|工资|奖金|提成|加班费|加班|晋升|评优|扣钱|罚款|扣款|处罚|评分|质检)[^。！!？?\n]{0,14}(?:不公|不合理|不对|有问题|太(?:多|少|累|狠|低)|不满|意见|申诉|不服|少发|拖欠|没发|乱)|不公平|偏心|穿小鞋|压榨|受不了|不服|我要投诉|我要举报|我要申诉|实名举报|意见很大|辞职|不干了",
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
    r"换班|换[^。！!？?，,\n]{0,8}的班(?!长|组)|换(?:一?个|一?下)?(?:早|晚|中|夜|白)班|调班|替班|顶班|代班|换个班|换一下班|换成?(?:早班|晚班|中班|夜班)|(?:跟|和|与)[^。！!？?，,\n]{0,6}(?:换|调)(?:一?下|个)?(?:早|晚|中|夜|白)?班|调休|倒班|请(?:个|半天|一天|[0-9一二两三]+天)?(?:病|事|年|婚|产|丧)?假|(?:年|事|病|婚|产)假|休假(?:申请|怎么|流程|规定)|(?:想|要)休|离岗|离席|早退",
    r"\b(?:(?:swap|switch|trade|exchange|change)(?:ping|ing)? (?:\w+ ){0,4}shifts?|shift (?:swap|change)|cover (?:for me|my shift)|take (?:a day off|leave|the day off)|(?:annual|sick|personal) leave|day off)\b",
)
QUESTION = _words(
    r"([\u4e00-\u9fff])不\1|[?？]|吗(?=[\s,，。!！]|$)|[呢么](?=[\s。!！]|$)|怎么(?!样也|都)|如何|多少|几(?:天|点|次|个|号|年|月|块|元|遍|级|种)|多[久长大高]|什么时候|什么(?:规定|标准|流程|意思|样|条件|情况下|材料|手续|颜色|时间)|哪(?:里|些|个|几|天|种|一)|能不能|可不可以|能否|可否|是否|有没有|是不是|算不算|要不要|该不该|请问|想问|想问下|问一下|咨询一?下|想了解|不知道(?!他|她)",
    r"\?|\b(?:how (?:do|to|many|much|long|often|should)|what(?:'s| is| are| does| do| should)|when (?:is|are|do|does|can)|where (?:is|are|do|can)|who (?:is|do|should)|is there|are there|can (?:I|we|you tell)|could (?:I|we|you tell)|may I|do (?:we|I)|does (?:the|our)|am I allowed|are we allowed|I(?:'d| would) like to know|wondering)\b",
)
HAPPENED = _words(
    r"刚(?:刚|才)?(?=[^好])|今天|今早|今日|昨天|昨晚|前天|(?:今|昨)(?:早|晚)|从[^。！!？?，,\n]{1,8}(?:起|开始)|连[着续]|半夜|每次|(?:[0-9]+|[一二三四五六七八九十两几])(?:次|遍|趟|个?小时|天(?!内|以内|之内|前|提前|假|可以|能))(?:了|没|都|来)|现在|正在|此刻|目前|已经|已有|上周|上个?月|一直|又来|这个客户|那个客户|这位|有[个位名]|有客户|有用户|有人|发现|看到|听到|查了|核实|解释了|沟通了|说(?:了|要|他|她|是|不)|威胁|要求|导致|造成|[0-9]{3,}|\*{3}",
    r"\b(?:just (?:now|found|saw|heard|called)|today|yesterday|this (?:morning|afternoon|evening|week|customer|client|caller|guy|man|woman)|last (?:night|week|month)|right now|already|currently|there(?:'s| is) a|(?<!when )(?<!if )an? (?:very )?(?:\w+ )?(?:customer|client|caller|man|woman|guest) (?:\w+ ){0,3}(?:is|has|was|called|wants|says|said|demands|keeps|came|insists|threatens)|noticed|discovered|found (?:out|that)|I saw|since|for \d+|\d{3,}|\*{3})",
)
TRANSFER = _words(
    r"不(?:归|属于|是)(?:我们?|咱们?|本|客服)(?:公司|部门?|这边|这里|管|负责|组|科|中心)?(?:管|负责|的(?!责任|错|问题|原因|过错)|业务|职责|范围|处理)|我们(?:只)?是[^，。,\n]{2,8}(?:客服|部门|热线|公司|单位)|(?:找|问|联系|打给)[^，。,\n]{1,6}(?:公司|局|厂家|开发商|物业|居委会|派出所|银行)|我们(?:这里|这边|部门)?(?:只|不)(?:负责|管|做|办|受理|提供|经营)|没有这(?:个|项|块)业务|不归(?:我|咱)|(?:别的|其他|其它|另一个|另外的?|隔壁|兄弟)(?:部门|科室|单位)|哪个(?:部门|科室|单位|组)|(?:部门|科室)的(?:事|业务|活)",
    r"转(?:给|到|交|接|去|至)?[^。！!？?，,\n]{0,6}(?:哪|谁|部(?!分)|组|科(?!技)|中心|处(?!理)|室|售后|售前|财务|物流|技术|工程|业务|销售|仓库|维修|采购|人事|行政|法务|客户经理)|该(?:找|转)(?:谁|哪)|(?:应该|应|得|要|需要)(?:由|找|去找|归)[^。！!？?，,\n]{0,8}(?:部门?|科|室|处|组|中心|财务|物流|仓库|售后|技术|销售|维修|人事)",
    r"(?:属于|归)[^。！!？?，,\n]{1,8}(?:部门?|科|处|室|中心|公司|组)(?:管|负责|的|处理)|(?:找|打)错(?:了)?(?:地方|部门|人|电话)|应聘|求职|供应商|投标|推销|招商|隔壁(?:柜台|店|公司)|移交|转交|工作联络单|转办|(?:财务|物流|技术|工程|人事|行政|法务|采购|仓储|销售|业务|维修|市场|售后)部?(?:负责|管的?|的事|那边|处理)",
    r"(?:想|要|打算|准备)(?:签单|签合同|下单采购|批量采购|加盟|做代理|谈合作|合作)",
    r"\b(?:not (?:our|my|us|handled by us|in our)(?: department| team| area| business| scope| job| responsibility)?|isn't (?:our|us|handled)|wrong (?:department|team|number|extension)|(?:an)?other (?:department|team)|different (?:department|team)|which (?:department|team)|who (?:should|handles|is responsible for)|(?:transfer|forward|hand|pass|redirect|route) (?:this |him |her |them |it |the (?:customer|call|case|client|request) )?(?:over )?to (?:the )?(?:finance|sales|logistics?|hr|it|technical|tech|warehouse|billing|accounting|legal|after-?sales|maintenance|repair|engineering|procurement|shipping|another|someone)|(?:talk|speak|be put through|get through|connected?|put (?:him|her|them) through) to (?:the )?(?:finance|sales|logistics|hr|it|technical|warehouse|billing|accounting|legal|maintenance|procurement|shipping)|job (?:application|interview)|supplier|belongs to|(?:finance|sales|logistics|hr|technical|warehouse|billing|accounting|legal|maintenance|procurement|shipping) (?:department|team|matter|issue|question))\b",
)
FILLER = _words(
    r"坏了坏了|弄|特急|紧急|着急|急|快点|赶快|赶紧|快来|马上来|快|来人|来个人|过来|来|出大事|出事|出问题|出状况|大事|不好|不得了|完蛋|完|救命|帮帮|帮忙|帮|麻烦|领导|班长|组长|现场主管|主管|总经理|经理|老板|亲|大家|有人|在吗|在不在|在|怎么办|咋办|怎么|有问题|问题|情况|状况|有点|事情|事|处理|解决|搞不定|看看|看|一下|客户|用户|顾客|投诉|升级|上报|报告|非常|特别|真的|很|太|严重|重要|生气|了|啊|呀|哦|呢|吧|吗|嘛|哈|哎|唉|这个|那个|这边|这里|这|那|我|你|您|他|她|们|的|得|有|要|想|请|好|个|人|大|给|跟|说|就|都|也|还|是|不|联系|电话|回复|速度|求助|求|支援|需要|别|问|！|!",
    r"\b(?:please|pls|plz|help|urgent(?:ly)?|asap|emergency|problem|issue|trouble|something|someone|anyone|anybody|happened|happening|bad|terrible|serious|big|come|here|quick(?:ly)?|now|immediately|hurry|need|needs|want|i|we|you|it|its|it's|is|are|was|am|me|my|us|a|an|the|this|that|there|there's|to|of|in|on|at|for|with|and|so|very|really|what|do|should|can|could|boss|leader|supervisor|manager|team|customer|client|complaint|complain|complained|complaining|angry|upset|escalate|call|back|got|have|has|just|right|hello|hi|hey|sir|madam|everyone|fast|soon)\b",
)
"""Words that carry no facts: what remains without them tells whether there is anything to go on."""
