"""Addresses and code in a text: links, e-mail addresses, paths, file names, tags, inline code. They rule nothing,
whatever words and numbers stand in them."""

from __future__ import annotations

import re

_TAIL = r"[^\s<>\"'`|\u3000-\u303f\u3400-\u9fff\uff00-\uff5e()\[\]]"
"""What an address may go on with: it ends at a blank, a bracket, and at Chinese."""
_FILE_ENDINGS = (
    "pdf|docx?|xlsx?|xls|csv|pptx?|txt|md|html?|json|ya?ml|xml|zip|rar|7z|tar|gz|jpe?g|png|gif|svg|mp[34]|wav|py|js|ts"
    "|rb|sh|bat|exe|ini|cfg|log|sql"
)
_ADDRESS = re.compile(
    r"```.*?```|~~~.*?~~~|(?<!`)``?[^`\n]{1,300}``?(?!`)"  # code, in Markdown
    r"|<(?:/?[a-z!][^<>\n]{0,300}|https?:[^<>\s]+)>"  # tags
    r"|(?<=\])\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s\"[^\"\n]*\")?\)"  # where a Markdown link leads
    rf"|\b(?:[a-z][a-z0-9+.-]{{1,9}}://|mailto:|tel:|www\.)(?:{_TAIL}|[\u3400-\u9fff]+(?=[?=&]))+"
    r"|[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+"
    rf"|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|cn|org|net|io|edu|gov|co|dev|app|me|info|biz)\b(?:[/:?#]{_TAIL}*)?"
    rf"|(?<![\w/])/(?:[a-z0-9._~-]+/)+{_TAIL}*"  # a path
    r"|(?<![\w/])[#@][a-z][a-z0-9_-]+"  # a tag, a handle
    rf"|(?<![a-z0-9])[a-z0-9_][a-z0-9_-]*(?:\.[a-z0-9_-]+)*\.(?:{_FILE_ENDINGS})(?![a-z0-9])"
    rf"|(?<![^\s《“\"'(:,。;])[\w-]+(?:\.[\w-]+)*\.(?:{_FILE_ENDINGS})(?![a-z0-9])"  # 「 折扣表.xlsx」
    r"|\b(?=[a-z0-9]*\d[a-z0-9]*[a-z])(?=[a-z0-9]*[a-z][a-z0-9]*\d)[a-z0-9]{16,}\b"  # a key
    r"|\b[a-z0-9]+(?:_[a-z0-9]+)+\b",  # a name in code
    re.IGNORECASE | re.DOTALL,
)
_HINT = re.compile(r"[`@#/<_\\]|\]\(|\.[a-zA-Z]|[a-zA-Z0-9]{16}")


def without_addresses(text: str) -> str:
    """The text with addresses and code blanked out, as long as before."""
    if not _HINT.search(text):
        return text
    return _ADDRESS.sub(lambda match: " " * len(match[0]), text)
