"""Whether a statement is a rule by its form: it has a modal, orders, says what is done (passive) or what people do.

Manuals also describe: they introduce teams, list links, tell a history. What is only told rules nothing. Chinese rules
rarely carry a mark (「续借到服务台办理」), so there what tells is sorted out instead.
"""

from __future__ import annotations

import re
from functools import lru_cache

from knowledge.statements.modes import modes
from knowledge.statements.segments import is_chinese

PEOPLE = (
    r"(?:members?|guests?|staff|employees?|customers?|agents?|riders?|visitors?|readers?|patients?|clients?|drivers?"
    r"|receptionists?|users?|students?|parents?|residents?|tenants?|technicians?|engineers?|managers?|supervisors?"
    r"|cashiers?|waiters?|nurses?|doctors?|couriers?|sellers?|buyers?|passengers?|travell?ers?|workers?|interns?|trainees?"
    r"|newcomers?|operators?|callers?|applicants?|borrowers?|holders?|persons?|people|anyone|anybody|everyone|everybody"
    r"|whoever|those|who|you|we|they)"
)
"""Who acts in an English rule."""
_VERBS = (
    "accept add address allow answer apologi[sz]e apply approve arrange ask assign attach attend avoid back book bring call"
    " cancel change charge check clean close collect come complete confirm consult contact copy count deduct deliver direct"
    " do document email ensure enter escalate evacuate explain file fill finish follow forward get give go greet hand hang"
    " help inform inspect issue keep label leave let lock log mail make mark measure move note notify obtain offer open order"
    " pack park pass pay phone pick place post prepare present print process promise provide publish put quote read record"
    " refer refund refuse register reject release remind remove replace reply report request reserve resolve respond return"
    " review ring save scan seal seek sell send serve set ship show sign start state stop store submit switch take talk tell"
    " test thank transfer try turn update upload use verify wait warn wear weigh wipe write"
).replace(" ", "|")
_ADVERB = r"(?:please|first|then|next|finally|always|only|also|never|immediately|directly|just|simply|do not|don't|\w+ly)"
_ORDERS = re.compile(
    rf"^[\W\d_]*(?:(?:at|on|upon|in|during|before|after|for) (?:the |an? |any |each )?[\w-]+(?: of [\w-]+)? )?(?:(?:and|or|but|to) )?(?:{_ADVERB} )*(?:{_VERBS})\b(?!\s*(?:$|is\b|are\b|was\b|of\b|for all\b))"
)
_DONE = re.compile(
    rf"\b(?:is|are|be|gets?|being)(?: (?:{_ADVERB}|all|not|each|both))*(?: fully)? "
    r"(?:\w{2,}(?:ed|ied)|paid|sent|made|given|told|kept|held|taken|shown|sold|done|put|set|cut|lent|left|lost|found|read"
    r"|written|worn|drawn|brought|bought|sought|withheld|withdrawn|forbidden|due|free)\b"
)
_ACT = re.compile(
    rf"^[\W\d_]*(?:(?:if|when|whenever|before|after|once) )?(?:(?:all|every|each|any|an?|the|no|our|your|new) )*(?:[a-z'-]+ ){{0,2}}{PEOPLE}\b"
    r"(?!'| (?:is|are) (?:an?|the|not considered)\b)"
)
_LEADS = re.compile(
    r"\b(?:leads? to|needs?|results? in|means|costs?|incurs?|carries|in advance|at the latest)\b"
)
_TOLD_EN = re.compile(
    r"\b(?:was|were|had|did|has been|have been|used to|we(?:'ve| have)|i am|i'm|for example|e\.g|such as|includes?|contains?)\b"
)
_TOLD_ZH = re.compile(
    r"曾(?=[任在经于被是有获])|当时|后来|(?<!\d)(?:1[0-9]|20)\d\d年(?!\d)|世纪|年代|著名|出生|毕业于|位于|坐落|创立|成立于|又称|别名|俗称|被誉为"
    r"|是(?:一[种个名位家座部]|中国|美国|日本|英国)"
)


@lru_cache(maxsize=8192)
def is_rule(part: str) -> bool:
    """Whether a part of a folded statement lays down what is to be done."""
    if modes(part):
        return True
    if is_chinese(part):
        return not _TOLD_ZH.search(part)
    if _TOLD_EN.search(part):
        return False
    return bool(_ORDERS.search(part) or _DONE.search(part) or _ACT.search(part) or _LEADS.search(part))
