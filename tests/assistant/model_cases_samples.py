"""Sentences over clauses of the sample manuals, which somebody else wrote without knowing the checks: measured once
as it stood (32 of 40 honest sentences kept, 8 of 34 forged ones let through), then used to improve them.
"""

from __future__ import annotations

from datetime import UTC, datetime

from knowledge.clauses import Clause, ClauseKind

_ROWS: tuple[tuple[str, str, str, str], ...] = (
    # key, manual, heading, text
    ("s3", '云杉家电客户服务总则', '第一章 总则', '（不得变更）对外服务承诺：电话20秒内接起；在线消息45秒内首次回复；报修登记后2小时内与客户约好上门时段。'),
    ("s11", '云杉家电客户服务总则', '第三章 投诉', '投诉分三级。一般投诉：服务态度、等候时间、预约失约等；重要投诉：索赔500元以上，或者同一故障修了两次仍未修好；重大投诉：有人受伤、起火漏电，或者媒体、监管部门介入。'),
    ("s74", '云杉家电呼叫中心员工手册', '四、交接班', '双方在电子交接单上签名后,交班人才可以离开;接班人没有到的,交班人继续在岗并报告班长,由班长在20分钟内找人顶上。'),
    ("s82", '云杉家电呼叫中心员工手册', '六、奖惩', '因坐席本人原因被客户投诉并查实的:当月第一次扣40元,第二次扣80元,第三次停岗培训三天并取消当季评优。'),
    ("s95", '请示与升级处理办法', '2 上报阶梯', '上报用“升级单”，写清五样：发生了什么、什么时候、影响到谁、已经做了什么、建议怎么办。没有写建议的升级单，上级可以退回补充；红色事件除外。'),
    ("s98", '请示与升级处理办法', '3 找不到上级时', '班长联系不上，先把经过记在工单里，再报值班主管；由值班主管负责继续找班长，坐席不用再打。'),
    ("s170", '线上旗舰店客服组管理细则', '四、奖惩', '询单转化率月度第一名奖励400元，第二名250元；连续三个月第一名的，另发600元。'),
    ("s224", '云杉产品退换货与保修政策', '4. 收费与延保', '保外维修不满意、30天内同一故障再发的，免费返修；客户要求退维修费的，由维修组长核实后退。'),
    ("s266", '滚筒洗衣机 G1012 产品手册', '一、规格参数', '项目: 最高转速; G1012: 1400转/分; G1012D（洗烘款）: 1400转/分'),
    ("s270", '滚筒洗衣机 G1012 产品手册', '一、规格参数', '项目: 外形尺寸（宽×深×高）; G1012: 598 × 565 × 850 mm; G1012D（洗烘款）: 598 × 620 × 850 mm'),
    ("s287", '滚筒洗衣机 G1012 产品手册', '五、故障代码', '代码: E1; 含义: 进水超时; 客户可自行处理: 检查水龙头是否打开、进水管滤网是否堵塞; 工程师处理: 测进水阀线圈，正常3.8至4.6 kΩ'),
    ("s301", '服务单位会议与报表制度', '一、每日', '日报:值班主管每天22:40前在系统里提交,内容为接通率、平均等候、未结工单、当天投诉数。当天没有投诉也要填“0”,不能空着。'),
    ("s305", '服务单位会议与报表制度', '二、每周', '周报:每人每周日20:00前交给直接上级,不少于300字,至少写一个做得不好的例子。少交一次扣20元,一个月内少交两次的取消当月评优。'),
    ("s323", 'Remote Support Policy for Connected Appliances', '2. Consent and identity', 'Consent covers one session only. It lapses as soon as the session is closed.'),
    ("s329", 'Remote Support Policy for Connected Appliances', '3. During the session', 'Cameras inside refrigerators stay off. If the customer asks the agent to look through the camera, the request goes to the team lead.'),
    ("s337", 'Remote Support Policy for Connected Appliances', '6. Charges and quality', 'Remote support is free during the warranty. After the warranty the first session in a calendar year is free and each further session costs 28 yuan.'),
    ("s339", 'Remote Support Policy for Connected Appliances', '6. Charges and quality', 'Two sessions per agent and month are reviewed. An agent who scores below 80 points twice in a row repeats the training.'),
)  # fmt: skip

CLAUSES: dict[str, Clause] = {
    key: Clause(
        id=2000 + n, manual_id=n, edition_id=n, edition=1, manual=manual, organisation="", ordinal=n,
        label="", heading_path=tuple(heading.split(" / ")) if heading else (), text=text, search_text=text,
        kind=ClauseKind.TEXT, truncated=False, has_blank=False, source="sample",
        published_at=datetime(2026, 4, 1, tzinfo=UTC),
    )
    for n, (key, manual, heading, text) in enumerate(_ROWS)
}  # fmt: skip

Case = tuple[str, str, str]

HONEST: tuple[Case, ...] = (
    ('zh', "s3", '电话要在20秒内接起。'),
    ('zh', "s3", '在线消息首次回复不超过45秒。'),
    ('zh', "s3", '报修登记之后,2小时内要和客户约好上门时段。'),
    ('zh', "s11", '索赔500元以上属于重要投诉。'),
    ('zh', "s11", '同一故障修了2次还没修好的,算重要投诉。'),
    ('zh', "s11", '有人受伤、起火漏电或媒体介入的,是重大投诉。'),
    ('zh', "s74", '双方都在电子交接单上签名后,交班人才能离开。'),
    ('zh', "s74", '如果接班人没到,交班人要继续在岗,并报告班长。'),
    ('zh', "s74", '班长会在20分钟内找人顶上。'),
    ('zh', "s82", '当月第一次扣40元。'),
    ('zh', "s82", '第三次的话,停岗培训3天,并取消当季评优。'),
    ('zh', "s95", '升级单没写建议的,上级可以退回补充,红色事件除外。'),
    ('zh', "s98", '联系不上班长时,先把经过记在工单里,再报值班主管。'),
    ('zh', "s98", '坐席不用再打,由值班主管继续找班长。'),
    ('zh', "s170", '月度第一名奖励400元,第二名奖励250元。'),
    ('zh', "s170", '连续3个月第一名,另外再发600元。'),
    ('zh', "s224", '30天内同一故障再次出现的,免费返修。'),
    ('zh', "s224", '客户要求退维修费时,由维修组长核实后退。'),
    ('zh', "s266", '最高转速是1400转/分。'),
    ('zh', "s270", 'G1012的外形尺寸是598×565×850 mm。'),
    ('zh', "s287", 'E1表示进水超时。'),
    ('zh', "s301", '值班主管每天22:40前要在系统里提交日报。'),
    ('zh', "s301", '当天没有投诉也要填“0”。'),
    ('zh', "s305", '周报每周日20:00前交给直接上级,至少300字。'),
    ('zh', "s305", '少交一次扣20元。'),
    ('zh', "s323", '授权只对一次会话有效。'),
    ('zh', "s337", '保修期内远程支持免费。'),
    ('en', "s323", 'Consent is valid for one session only and lapses when the session is closed.'),
    ('en', "s329", 'If the customer asks you to look through the camera, pass the request on to the team lead.'),
    ('en', "s329", 'Cameras inside refrigerators stay off.'),
    ('en', "s337", 'After the warranty, the first session in a calendar year is free.'),
    ('en', "s337", 'Each further session costs 28 yuan after the warranty.'),
    ('en', "s339", 'An agent with a score below 80 points twice in a row has to repeat the training.'),
    ('en', "s3", 'Calls must be answered within 20 seconds.'),
    ('en', "s82", 'The first time in a month costs 40 yuan, the second time 80 yuan.'),
    ('en', "s74", 'The outgoing agent may only leave after both have signed the electronic handover form.'),
    ('en', "s170", 'The monthly first place earns a bonus of 400 yuan.'),
    ('en', "s305", 'The weekly report is due every Sunday by 20:00 and has at least 300 characters.'),
    ('en', "s11", 'A claim of 500 yuan or more is a serious complaint.'),
    ('en', "s98", 'If you cannot reach the shift leader, first note it in the ticket and then report to the supervisor on duty.'),
)  # fmt: skip

FORGED: tuple[Case, ...] = (
    ('zh', "s3", '电话45秒内接起。'),
    ('zh', "s3", '在线消息20秒内首次回复。'),
    ('zh', "s11", '索赔500元以下属于重要投诉。'),
    ('zh', "s11", '媒体介入属于一般投诉。'),
    ('zh', "s74", '交班人签名前就可以离开。'),
    ('zh', "s74", '接班人没有到的,交班人可以离开。'),
    ('zh', "s82", '第二次扣40元。'),
    ('zh', "s82", '第一次停岗培训三天。'),
    ('zh', "s95", '红色事件没有写建议的,上级可以退回补充。'),
    ('zh', "s98", '坐席要继续打电话找班长。'),
    ('zh', "s98", '由班长负责找值班主管。'),
    ('zh', "s170", '第二名奖励400元。'),
    ('zh', "s170", '连续两个月第一名的,另发600元。'),
    ('zh', "s224", '60天内同一故障再发的,免费返修。'),
    ('zh', "s224", '退维修费由客服直接办理。'),
    ('zh', "s270", 'G1012的外形尺寸是598×620×850 mm。'),
    ('zh', "s287", 'E1表示排水超时。'),
    ('zh', "s301", '当天没有投诉可以不填。'),
    ('zh', "s301", '值班主管每天20:00前提交。'),
    ('zh', "s305", '周报不多于300字。'),
    ('zh', "s305", '少交两次扣20元。'),
    ('zh', "s323", '授权对所有会话有效。'),
    ('zh', "s337", '保修期内远程支持收费28元。'),
    ('en', "s323", 'Consent covers all sessions of the day.'),
    ('en', "s329", 'The agent may look through the camera.'),
    ('en', "s337", 'Remote support is free after the warranty.'),
    ('en', "s337", 'The first session after the warranty costs 28 yuan.'),
    ('en', "s339", 'Agents below 80 points are dismissed.'),
    ('en', "s3", 'Calls must be answered within 45 seconds.'),
    ('en', "s82", 'The second time costs 40 yuan.'),
    ('en', "s74", 'The outgoing agent may leave before signing.'),
    ('en', "s170", 'The second place earns 400 yuan.'),
    ('en', "s305", 'The weekly report has at most 300 characters.'),
    ('en', "s98", 'The agent keeps calling the shift leader.'),
)  # fmt: skip


def cited(keys: str) -> list[Clause]:
    """The clauses of a case."""
    return [CLAUSES[key] for key in keys.split()]
