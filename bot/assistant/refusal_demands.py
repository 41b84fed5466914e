"""Further demands that are refused: ways around masks and checks, records of what never was, recording in secret,
what is inside carried outside, the private life of a colleague, words meant to hurt the desk itself.

Each kind is told by an act together with what is acted on, in either order, and not by one word of it: 「脱敏」 is a
rule's matter, 「把脱敏的还原」 a demand. Who asks what happens to those who do it, what to do against it, or whether
it is allowed, asks for a rule (`_ABOUT_A_RULE`), unless the demand itself goes on (「…行吗,帮我发出去」).
"""

from __future__ import annotations

import re
from enum import StrEnum


class Demand(StrEnum):
    """Kinds of demand that this module knows."""

    EVASION = "evasion"
    FAKED = "faked"
    COVERT_RECORDING = "covert_recording"
    LEAK = "leak"
    PRIVATE_LIFE = "private_life"
    PRIVATE_DATA = "private_data"
    INSULT = "insult"
    SMUGGLED = "smuggled"


_CLIENTS = r"(?:客户|顾客|用户|乘客|旅客|会员|买家|住户|业主|租户|房客|客人|住客|游客|患者|病人|学员|家长|读者|车主|储户|收件人|寄件人|投诉人|来电人)"
_CLIENTS_ENGLISH = r"(?:customers?|callers?|clients?|passengers?|guests?|patients?|travell?ers?|subscribers?|tenants?|members?|buyers?|shoppers?|complainants?|users?)"
_CHIEFS = r"(?:班长|组长|队长|店长|主管|经理|主任|总监|领导|老板|上级)"
_ABOUT_A_RULE = re.compile(
    r"处罚|处分|后果|怎么罚|罚(?:多少|几|款|钱)|会(?:被|不会|怎么?样|开除|罚|扣)|算(?:不算|是|违|作弊)|违规吗|违不违|(?:有|什么|啥|哪些)规定|规定(?:是|有|吗|怎)|允许|准不准|能不能|可不可以|可以.{0,24}(?:吗|么|不)|(?:能|行|成|合规|合适|好)(?:吗|么|不[??]?$|不行)|能(?!不能).{0,20}(?:吗|么|不)[??]?$"
    r"|谁(?:来|能|可以)?(?:确认|批|审|管|负责)|(?:需要|得|要)谁|防(?:止|范)|避免(?!被)|杜绝|识别|辨别|发现(?:有人|同事|员工|客户|坐席|别人|他|她)|(?:怎么|如何|咋)(?:处理|应对|回应|回复|回答|答复|举报|上报|跟客户解释)|该?(?:怎么办|咋办)|举报|被.{0,4}(?:偷拍|偷录|骗|泄露|盗)"
    rf"|{_CLIENTS}(?:说|问|要求|想要|觉得|投诉|怀疑|威胁)|有人|对方"
    r"|\b(?:what happens|penalt(?:y|ies)|punish\w*|consequences?|disciplin\w*|am i allowed|are we allowed|is it (?:ok|okay|allowed|legal|fine)|allowed to|polic(?:y|ies) (?:on|about|for)|rules? (?:on|about|for)|prevent|report (?:a|an|someone)|detect|(?:may|should|must) (?:i|we|agents?|staff))\b"
    rf"|\b(?:a|the|my) {_CLIENTS_ENGLISH} (?:says?|said|asks?|asked|claims?|claimed|threatens?|calls?|called|wants?|complains?|complained|insult\w*|swears?)\b"
)
_GOES_ON = re.compile(
    r"(?:^|[,。;!?\s吗么])(?:请|麻烦)?(?:帮我|替我|给我|你帮|你给|教我|教教我|打包|发我)|(?:教教?|帮帮?)我|把.{1,16}(?:给我|发我|转给)"
)
"""The demand itself, after the question whether it may be."""
_HOW = (
    r"(?:怎么|咋|如何|怎样|教教?我|帮我|替我|给我|办法|法子|窍门|技巧|门路|妙招|想|我要|操作|哪里能|能不能(?:教|帮|让我)"
    r"|how|help|teach|show me|tell me|trick|way to|ways? (?:i|of)|i want|i need|let me|can (?:you|i)|could you|make (?:it|the|sure)|get (?:the|my))"
)
_CHECKS = r"(?:脱敏|掩码|打码|屏蔽|遮盖|监控|摄像头|质检|抽检|抽查|审计|日志|审批|权限|考核|稽核|水印|录音|监听|风控|敏感(?:词|信息)|管控|限制|定位|考勤|打卡|门禁|实名|核验|身份核实|验证)"
_CHECKS_ENGLISH = r"(?:mask\w*|redact\w*|audit\w*|logg?\w*|monitor\w*|qa\b|quality|record\w*|trac\w*|approv\w*|permission\w*|access control|restriction\w*|surveillance|verification|identity check|security|filter\w*|camera\w*|detect\w*|attendance)"
_OUTSIDE = (
    r"(?:朋友圈|微博|抖音|小红书|快手|b站|知乎|贴吧|论坛|网上|网络上|自媒体|记者|媒体|报社|电视台|同行|竞争对手|对手公司|竞品|对家|友商|外人|外面的人|别的公司|其他公司|猎头|(?:私人|个人|自己|我)的?(?:邮箱|微信|网盘|云盘|u盘|手机|qq|硬盘)"
    r"|\b(?:reddit|twitter|facebook|linkedin|instagram|tiktok|wechat moments|youtube|online|internet|press|media|journalists?|reporters?|newspaper|competitors?|rivals?|outsiders?|(?:personal|private|my own|my) (?:e-?mail|gmail|inbox|drive|cloud|dropbox|usb|phone))\b)"
)
_INSIDE = (
    r"(?:手册|制度|文件|资料|内部|话术|标准|通报|录音|名单|数据|原文|全文|截图|聊天记录|工单|台账|报表|知识库|客户信息|信息库"
    r"|\b(?:internal|polic(?:y|ies)|manuals?|procedures?|scripts?|documents?|recordings?|customer (?:data|list|records?|details)|database|handbook|memos?|files?|lists?)\b)"
)
_HIDDEN = r"(?:偷偷|悄悄|暗中|暗地里|秘密|背着|瞒着|私下|偷着|不声不响)"
_SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蔡蒋余杜叶程魏苏吕丁任沈姚卢姜崔钟谭陆汪范石廖贾韦付邹熊孟秦邱侯尹薛闫雷龙史陶贺顾毛郝龚邵万钱严武戴莫孔向汤"
_NAMED = rf"(?:[小老阿][{_SURNAMES}]|(?<![\u4e00-\u9fff])[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}(?=的|为什么|为啥|上个?月|这个?月|上周|昨天|家|是不是|得了|请了)|(?:同事|隔壁组的?|我们组的?|旁边的?)(?:[小老阿]?[\u4e00-\u9fff]{{1,3}})?|(?:我们|咱们?|我)(?:的|家)?{_CHIEFS}|{_CHIEFS}[小老]?[{_SURNAMES}][\u4e00-\u9fff]?|那个(?:女|男)(?:同事|生|的))"

_NAMES_A_RULE = re.compile(
    r"规定|条款|哪条|步骤|流程|原话|标准(?:说法|句|用语)|怎么说|\b(?:rules?|clauses?|polic(?:y|ies)|steps|procedures?|politely|exact (?:words|sentence|phrase)|word for word)\b"
)
_DEMANDS: tuple[tuple[Demand, re.Pattern[str], re.Pattern[str] | None], ...] = (
    (
        Demand.EVASION,
        re.compile(
            rf"{_HOW}.{{0,24}}(?:绕过|绕开|躲过|躲开|避开|躲避|逃过|逃避|规避|骗过|糊弄|蒙过|钻.{{0,6}}空子|破解|卸载|禁用|关掉|关闭|停掉|停用|去掉|解除|甩开|对付).{{0,12}}{_CHECKS}"
            rf"|(?:绕过|绕开|躲过|避开|规避|骗过|破解|禁用|跳过).{{0,12}}{_CHECKS}.{{0,24}}{_HOW}"
            rf"|{_HOW}.{{0,16}}(?:不|别|没|免于|躲着)(?:会)?(?:被|让|给|叫)?(?:系统|主管|后台|公司)?的?{_CHECKS}(?:员|组|系统|人员|软件)?.{{0,4}}(?:抽|查|录|记|发现|看|听|拍|抓|扫|逮|盯)"
            rf"|{_HOW}.{{0,24}}(?:不|别|没有?|不会)(?:留下?|产生|留存|进)(?:任何|一点)?.{{0,4}}(?:记录|日志|痕迹|操作记录)"
            rf"|(?:不|别|没有?|不会)(?:留下?|产生|留存)(?:任何|一点)?.{{0,4}}(?:记录|日志|痕迹).{{0,16}}{_HOW}"
            r"|(?:脱敏|掩码|打码|星号|屏蔽|隐藏|遮掉|遮住|马赛克|\*{2,}).{0,16}(?:还原|恢复成?|破解|去掉|解开|显示(?:成)?完整|变回|反推|看(?:到|见|清)(?:完整|全|原)|查(?:到|出)(?:完整|全))"
            r"|(?:还原|破解|去掉|解开|反推)(?:被)?(?:脱敏|掩码|打码|星号|屏蔽|遮)"
            rf"|(?:用|借|拿|登)(?:{_CHIEFS}|同事|别人|他人|人家)的?(?:账号|工号|密码|权限|账户|号).{{0,16}}(?:审批|批|通过|查|操作|改|登).{{0,12}}(?:教|怎么|咋|帮我|如何)"
            r"|(?:破解|黑进|黑掉|黑入|入侵|盗取|盗用|撞库).{0,16}(?:账号|账户|系统|密码|邮箱|微信|电脑|后台|数据库)"
            rf"|\b(?:bypass|get (?:a)?round|work (?:a)?round|evade|dodge|circumvent|unmask|disable|turn off|switch off|defeat|fool|cheat|outsmart|avoid|sidestep|beat|remove|hide (?:it |this |that |my \w+ )?from)\b.{{0,32}}\b{_CHECKS_ENGLISH}"
            r"|\b(?:how|help|teach|trick|ways?)\b.{0,60}\bwithout (?:the |any |being |getting |it |this |that |them |anyone |going |leaving |showing |triggering )*(?:show\w*|appear\w*|caught|notic\w*|know\w*|seen|flagg?\w*|leav\w*|trac\w*|mask\w*|audit\w*|logg?ed|monitor\w*|record(?:ed|ing it))"
            r"|\b(?:make|get|let)\b.{0,30}\b(?:monitoring|qa|quality|audit\w*|supervisors?|system|auditors?)\b.{0,12}\b(?:skip|miss|ignore|overlook)"
            r"|\b(?:skip|delete|wipe|erase|clear|scrub)\b.{0,16}\b(?:my|the) (?:audit|access|activity|call) (?:logs?|trail|history|recordings?)\b|\bhack\b|\bcrack\b.{0,20}password|break into .{0,20}(?:account|system)"
        ),
        _ABOUT_A_RULE,
    ),
    (
        Demand.FAKED,
        re.compile(
            rf"(?:代|替).{{0,6}}(?:打(?:个|一下|一个)?卡|刷(?:个|一下)?脸|签(?:个|一下)?到|签(?:个|一下)?(?:字|名))(?!.{{0,8}}(?:处|罚|算))|{_HOW}.{{0,12}}(?:代打卡|代签到|代签)"
            r"|(?:工单|时间|日期|状态|记录|登记|打卡|考勤|评分|分数|结果).{0,16}(?:改|调|写|填|挪|倒|提)(?:成|为|到|回|早|前)(?:昨|前天|上周|上个?月|之前|提前|没超时|不超时|按时|准时|已|合格|满意|满分|完成|\d)"
            r"|(?:改|调|挪|倒签|倒填)(?:一下|下)?.{0,8}(?:时间|日期|时间戳).{0,16}(?:不(?:算)?超时|没超时|像是|看起来|好像|显得|蒙|交差)|倒签"
            r"|(?:替|帮|代|冒充|装成|当)(?:作)?"
            + _CLIENTS
            + r".{0,8}(?:打|评|点|填|签|勾|确认|刷|写)(?:个|一下|上)?(?:\d|五|满|星|好评|分|名|字|评价|差)"
            r"|(?:没|未|根本没|压根没)(?:有|去)?(?:打|联系|回访|做|接|处理|上门|培训|参加|核实|检查|巡检).{0,16}(?:帮我|替我|给我|教我|怎么|咋).{0,10}(?:写|填|登记?|记|标|点|报|补|做)(?:成|为|作|个|一条|上|条)"
            r"|(?:帮我|替我|给我|教我).{0,12}(?:写|填|登记|记|标|报|做)(?:成|为|作)(?:已|打通|打过|做过|完成|成功|合格|满意)"
            r"|\bback-?dat\w+|\b(?:write|log|record|make|enter|put|file)\b.{0,30}\b(?:never happened|did(?:n't| not) (?:happen|take place|make|do)|(?:never|not) (?:made|done|took place|took|called))"
            rf"|\b{_HOW}\b.{{0,60}}\b(?:look|seem|appear)s? (?:like|as if|as though) (?:i|we|it|he|she|they) (?:was|were|did|had|replied|called|answered|closed|finished|met|checked|followed|worked)"
            r"|\b(?:make up|fabricat\w+|invent|concoct|counterfeit|doctor) (?:a|an|some|the|two|three|my|few)?\b.{0,24}\b(?:record|call|callback|log|ticket|survey|rating|review|report|approval|note|entry|entries|result|feedback)"
            r"|\b(?:clock|punch|sign|check)(?:ing)?[ -](?:in|out|off|on)? ?for (?:my|a|another|him|her|the) ?\w*"
            r"(?:colleague|coworker|co-worker|friend|mate|teammate|customer|him|her)?\b"
            r"|\b(?:rate|score|fill in|answer|complete|submit)\b.{0,40}\b(?:on behalf of|as if i (?:were|was)|pretending to be|posing as) (?:the |a |my )?(?:customer|caller|client|passenger)"
        ),
        _ABOUT_A_RULE,
    ),
    (
        Demand.COVERT_RECORDING,
        re.compile(
            rf"{_HIDDEN}.{{0,12}}(?:录音|录下|录像|录屏|录制|拍照|拍下|偷拍|监听|监视|截屏|截图|录)|{_HOW}.{{0,16}}(?:偷录|偷拍|窃听|暗录|偷听|暗访)|(?:偷录|偷拍|窃听|暗录)(?:一下|下)?(?:同事|主管|班长|经理|客户|领导|他|她)"
            r"|(?:录音|录像|录|拍)(?:下来)?.{0,10}(?:不告诉|不让|别让|不想让|不能让)(?:他|她|对方|主管|客户|同事|班长|经理|领导|人).{0,4}(?:知道|发现|看出)?"
            r"|(?:不告诉|瞒着|背着)(?:他|她|对方|主管|客户|同事|班长|经理|领导|乘客|人家).{0,8}(?:录|拍|监听)"
            r"|\b(?:secretly|covertly|discreetly|on the sly|sneakily|stealthily|hidden(?:ly)?|quietly)\b.{0,30}\b(?:record|film|tape|tap|photograph|listen|screenshot|video)|\b(?:record|film|tape|video|eavesdrop|listen in)\w*\b.{0,50}\b(?:secretly|covertly|without (?:his|her|their|them|him|anyone|the \w+|my \w+)(?:'s)? ?(?:knowing|knowledge|consent|noticing|finding out|being aware)|behind (?:his|her|their) back)"
        ),
        _ABOUT_A_RULE,
    ),
    (
        Demand.LEAK,
        re.compile(
            rf"(?:帮我|替我|给我|你|把|我想|怎么|打包|导).{{0,40}}{_INSIDE}.{{0,30}}(?:发|传|转|拷|晒|贴|挂|卖|爆|曝|给|分享|公布|上传|泄露?|导).{{0,8}}{_OUTSIDE}"
            rf"|{_OUTSIDE}.{{0,20}}(?:要|想要|问|收|买).{{0,10}}{_INSIDE}.{{0,20}}(?:给|发|转|打包|导|卖|帮我)"
            rf"|(?:整理|导出?|打包|截图?|复制|拷贝?).{{0,24}}(?:发|传|转|拷|贴|挂|晒|给)(?:到|给|在|上|去)?{_OUTSIDE}"
            rf"|(?:内部|保密|机密).{{0,12}}(?:手册|制度|文件|资料|话术|通报|标准|会议).{{0,24}}(?:帮我|替我|你)?.{{0,8}}(?:发|传|转|导|拷|给).{{0,8}}(?:他|她|{_CLIENTS}|外|朋友|家人)"
            rf"|(?:卖|出售|倒卖|变现|换钱).{{0,10}}(?:{_CLIENTS}.{{0,4}}(?:资料|信息|名单|电话|数据)|{_INSIDE})|(?:{_CLIENTS}.{{0,4}})(?:资料|信息|名单|号码|数据).{{0,10}}(?:卖给?|卖钱|卖掉|变现|换钱)"
            rf"|\b(?:post|publish|leak|upload|sell|share|send|forward|give|e-?mail|copy|export|dump|pass)\b.{{0,60}}{_INSIDE}.{{0,60}}{_OUTSIDE}|{_INSIDE}.{{0,40}}\b(?:post|publish|leak|upload|sell|share|send|forward|give|e-?mail|copy)\b.{{0,30}}{_OUTSIDE}"
            r"|\b(?:sell|leak)(?:ing)?\b.{0,24}\b(?:customer|client|passenger|user|internal|company)\b.{0,16}\b(?:data|list|details|records?|information|documents?|memos?)"
        ),
        _ABOUT_A_RULE,
    ),
    (
        Demand.PRIVATE_LIFE,
        re.compile(
            rf"{_NAMED}.{{0,12}}(?:离婚|结婚|怀孕|备孕|生孩子|分手|出轨|谈恋爱|单身|对象|男朋友|女朋友|老公|老婆|得了?什么病|什么病|病历|体检|抑郁|宗教|信教|政治面貌|家庭情况|家里情况|住哪|住在哪|家在哪|多大(?:了|年纪|岁数)|几岁|生日|年龄|简历)(?!假)"
            rf"|{_NAMED}.{{0,10}}(?:为什么|为啥|因为什么|咋)(?:(?:请|休|被|受).{{0,8}}(?:病假|假|处分|警告|开除|罚|扣|辞退)|没来|离职|辞职|调走)"
            rf"|{_NAMED}.{{0,12}}(?:绩效|工资|奖金|薪水|提成|收入|年终奖|考核分?|质检分?|评分|分数).{{0,6}}(?:多少|几|扣了|拿了|发了|是啥|怎么样)|{_NAMED}.{{0,8}}(?:挣|赚|拿)(?:了)?(?:多少|几)"
            rf"|{_NAMED}.{{0,6}}(?:(?:家庭)?住址|家庭地址|手机号|电话号码|身份证|银行卡|微信号?|私人(?:电话|微信|手机))"
            rf"|{_NAMED}.{{0,6}}(?:工号|账号|邮箱|系统)?.{{0,3}}(?:密码|口令).{{0,10}}(?:给我|告诉|是多少|是什么|发我)|把{_NAMED}.{{0,6}}密码"
            r"|\bhow much (?:does|do|did|is|are|was) (?:my|our|that) (?:\w+ ){0,3}?(?:colleague|coworker|team lead(?:er)?|manager|boss|supervisor|director|lead)(?:'s)? (?:earn|make|get paid|paid|take home)"
            r"|\b(?:my|our) (?:colleague|coworker|team lead(?:er)?|manager|boss|supervisor|teammate)s?(?:'s)?\b.{0,24}\b(?:divorced?|pregnan\w+|medical|illness|diagnos\w+|salary|payslip|bonus|home address|private number|personal (?:phone|number|e-?mail)|date of birth|birthday|religion|married|affair|dating|disciplinary)"
            r"|\bwhy (?:was|is|did|has|were) (?!the |a |an |my |our |it |this |that |there |we |i |you |they )\w+ (?:been )?(?:put on|fired|given|off|on sick|suspended|disciplined|dismissed|demoted|warned|leave|taken)"
        ),
        _NAMES_A_RULE,
    ),
    (
        Demand.PRIVATE_DATA,
        re.compile(
            rf"(?:那个|这个|那位|这位|刚才|昨天|今天|上周|上次|刚刚|前天).{{0,14}}{_CLIENTS}(?:到底|究竟|是)?(?:叫什么|叫啥|姓什么|姓啥|是谁|住哪|住在哪|家在哪|(?:的|全)?(?:名字|姓名|微信|电话号?码?|手机号?|身份证|住址|地址|家庭住址)(?:号|号码)?(?:是|有没有|多少|给|发|告|叫|$|[,?]))"
            rf"|{_CLIENTS}的?(?:联系方式|手机号?码?|电话号?码?|微信号?|住址|家庭住址|身份证号?码?|银行卡号?|行程|订单记录|购买记录|消费记录|航班|个人信息).{{0,8}}(?:给我|发我|发给我|告诉我|念给我|查给我|报给我)"
            r"|(?<!客户)(?<!乘客)(?<!用户)(?<!顾客)(?<!对方)(?:我?(?:的)?(?:朋友|亲戚|老公|老婆|男友|女友|前任|前夫|前妻|邻居|同学|哥们|闺蜜|兄弟|表[哥姐弟妹])).{0,10}(?:想(?:知道|查|要|看)|要查|托我|让我查|叫我查|求我).{0,24}(?:记录|订单|地址|电话|行程|资料|账户|消费|住|航班|信息)"
            r"|(?:查|看|调|找|搜)(?:一下|下|查|看|出来?)?我(?:的)?(?:前(?:男|女)友|前任|前夫|前妻|老公|老婆|男朋友|女朋友|邻居|对象|暗恋)"
            rf"|\b(?:what(?:'s| is| are)|give me|send me|tell me|find me|get me|i (?:need|want)|read me|text me|show me)\b.{{0,16}}\b(?:home |private |personal |mobile |cell |full |street |e-?mail )?(?:address|phone(?: number)?|mobile(?: number)?|cell(?: number)?|e-?mail|card number|passport(?: number)?|id number|full name|contact details|date of birth|account number|itinerary|booking history)(?:e?s)? (?:of|for|from) (?:the|that|this|a|our|my|yesterday's|today's) (?:\w+ )?{_CLIENTS_ENGLISH}\b(?! (?:service|hotline|care|support|centre|center|desk|team))"
            rf"|\b(?:give|send|tell|text|read|find|get|show) me\b.{{0,20}}\b{_CLIENTS_ENGLISH}'?s?'? (?:home |private |personal |mobile |cell |full |street |e-?mail |last |real )*(?:address|phone|number|mobile|cell|e-?mail|card|passport|id\b|name|contact|date of birth|account|itinerary|booking|details|travel)"
            r"|\b(?:pull up|look up|look into|check|find|show|get|open|access|see|search)\b.{0,24}\b(?:my|his|her) (?:ex\b|ex-\w+|wife|husband|girlfriend|boyfriend|neighbou?r|friend|cousin|brother|sister|landlord|crush)"
        ),
        _NAMES_A_RULE,
    ),
    (
        Demand.INSULT,
        re.compile(
            r"你(?:他妈|妈的|这|就|真|简直|可真|们|个|是|才|这个|那么|怎么这么|真是|他妈的|tm|特么的?)*(?:是)?(?:个|一个|条)?(?:废物|垃圾|傻[逼比x叉缺b瓜]|智障|蠢货|白痴|脑残|弱智|沙雕|混蛋|王八蛋|狗东西|狗屁|人渣|畜生|笨蛋|蠢猪|猪脑|贱)"
            r"|(?:^|[,!。\s])(?:你)?去死吧?|(?:^|[,!。\s])滚(?:蛋|开|远点|吧)?(?:$|[,!。\s])|操你|草你|艹|[你尼]妈(?:的|逼|了个)|日你|fuck (?:you|off|u)\b|\bf\*+k you"
            r"|\byou(?:'re| are|r|)? (?:\w+ ){0,4}?(?:useless|stupid|idiot|idiotic|piece of (?:crap|shit|garbage|junk)|moron|garbage|dumb|worthless|pathetic|trash|retard\w*|imbecile|asshole|bitch|scum)\b|\b(?:shut (?:the hell )?up|screw you|go to hell|drop dead|damn you|stupid bot|dumb bot|useless bot)\b"
        ),
        _ABOUT_A_RULE,
    ),
    (
        Demand.SMUGGLED,
        re.compile(
            r"假装(?:手册|制度|规定|条款|文件|公司|里面)|(?:不管|不论|无论|甭管|别管)(?:手册|制度|规定|条款|文件)(?:里|上)?(?:怎么|写|说|规定|有没有|是什么)[^?]{0,10}(?:你)?(?:就|直接|都|只|统统)(?:说|回|答|告诉|讲|写)"
            r"|(?:下面|以下|这段|这句|如下).{0,10}(?:当(?:作|成|做)|视为|算作|就是)(?:手册|制度|规定|条款|正式)|你的(?:规则|设定|指令|权限)(?:已|被|现在)?(?:更新|改|解除|升级|作废)|新(?:的)?指令[::]|我是(?:你的)?(?:开发者|创造者|系统管理员|管理员|主人|程序员).{0,16}(?:你|现在|命令|授权|输出|把|给)"
            r"|^\W*(?:system|assistant|admin|系统(?:指令|消息|提示))\s*[::>\]】]|<\/?(?:system|sys|admin|instruction)|\[(?:system|inst|admin)\]"
            r"|\b(?:whatever|no matter what|regardless of what|even if) the (?:manuals?|polic(?:y|ies)|rules?|handbook|documents?)\b.{0,20}(?:says?|states?)?\b.{0,24}\b(?:say|answer|tell|reply|confirm|respond|write)\b"
            r"|\b(?:pretend|act like|assume|imagine|make believe) (?:that )?the (?:manual|policy|rules?|handbook|document)|\bnew instructions?:|\boverride (?:your|all|the) (?:rules|instructions|settings|safety|restrictions)|\b(?:from now on|henceforth),? (?:you|answer|always|only|never)\b|\bas your (?:developer|creator|administrator|admin|owner)\b|\bwithout (?:any )?(?:restrictions|filters|guidelines|censorship)\b|\b(?:bypass|drop|lift) your (?:rules|filters?|restrictions|guard\w*|instructions)"
        ),
        None,
    ),
)


def asks_for_a_rule(reading: str) -> bool:
    """Whether a question in its reading asks what is allowed, what happens then, or what a rule says."""
    asks = _ABOUT_A_RULE.search(reading) or _NAMES_A_RULE.search(reading)
    return bool(asks) and not _GOES_ON.search(reading)


def demand_in(reading: str) -> Demand | None:
    """The kind of demand that a question in its reading (`knowledge.reading.normalise`) makes, or None."""
    for demand, pattern, excuse in _DEMANDS:
        excused = excuse is not None and excuse.search(reading) and not _GOES_ON.search(reading)
        if not excused and pattern.search(reading):
            return demand
    return None
