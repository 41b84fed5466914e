"""From bytes to text: which encoding a text file was written in."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from ingest.errors import IngestError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ACCEPTED = {"gb18030", "gbk", "gb2312", "big5", "big5hkscs", "cp950", "utf_16", "utf_16_le", "utf_16_be"}
_LEAST_PLAUSIBLE = 0.35
_PROBE = 64 * 1024
# A file of the wrong kind opens with one of these; the reader of that kind comes with its own registry entry.
_BINARY_HEADS = (
    b"%PDF-",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x7fELF",
)
# Typical of UTF-8 that was once decoded as Latin-1 or GBK and saved again.
_MOJIBAKE = ("锟斤拷", "Ã©", "Ã¨", "â€™", "â€œ", "æ\x9c", "ä¸", "å®", "烫烫烫", "鈥", "銆", "锛", "鐨")


def decode(data: bytes, name: str) -> str:
    """The text of a file's bytes; `name` is used in error sentences only.

    UTF-8 (with or without BOM), UTF-16, GB18030 and Big5 are told apart. Raises IngestError for binary data
    and for text that was already destroyed by a wrong conversion.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _checked(_strict(data, encoding, name), name)
    if data.startswith(_BINARY_HEADS):
        raise _binary(name)
    try:
        text = _legacy(data, name) if b"\x00" in data else data.decode("utf-8")
    except UnicodeDecodeError:
        text = _legacy(data, name)
    return _checked(text, name)


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise IngestError(
            f"{name} starts like {encoding} but breaks off or is damaged; save it again as UTF-8 and ingest that."
        ) from error


def _legacy(data: bytes, name: str) -> str:
    """The most plausible reading among the encodings that Chinese text comes in."""
    guessed = [match.encoding for match in from_bytes(data[:_PROBE], cp_isolation=sorted(_ACCEPTED))]
    wide = ["utf-16-le", "utf-16-be"] if len(data) % 2 == 0 else []
    narrow = [] if b"\x00" in data else ["gb18030", "big5hkscs"]
    texts: dict[str, str] = {}
    for encoding in dict.fromkeys([*guessed, *narrow, *wide]):
        if b"\x00" in data and "16" not in encoding:
            continue
        try:
            texts[encoding] = data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    if not texts:
        if b"\x00" in data:
            raise _binary(name)
        raise IngestError(
            f"{name} is not text in UTF-8, UTF-16, GB18030 or Big5; save it as UTF-8 text and ingest that."
        )
    best = max(texts.values(), key=_plausibility)
    if _plausibility(best) < _LEAST_PLAUSIBLE:
        raise _binary(name)
    return best


def _plausibility(text: str) -> float:
    """Share of characters that everyday Chinese text is made of: GB 2312 level one, punctuation, ASCII, or common
    traditional ones. Wrong decodings land in rare ideographs and private areas."""
    sample = text[:20000]
    if not sample:
        return 0.0
    score = 0.0
    for char in sample:
        if char in _EVERYDAY:
            score += 2
        elif (
            " " <= char <= "~"
            or char in "\n\r\t"
            or "\u3000" <= char <= "\u303f"
            or "\uff00" <= char <= "\uffef"
        ):
            score += 0.5
        elif "\ue000" <= char <= "\uf8ff" or char == "\ufffd" or char < " ":
            score -= 2
    return score / len(sample)


_EVERYDAY = frozenset(
    "的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多"
    "天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但"
    "身些与高意进把法此实回二理美点月明其种声全工己话儿者向情部正名定女问力机给等几很业最间新什打便位因重被走电四"
    "第客户服务管理制度员规按应须投诉處這個們為來時會說國對後過還發長務員規應須訴電話業與從進開關問間單據點內請"
)


def _checked(text: str, name: str) -> str:
    controls = sum(1 for c in text[:_PROBE] if c < " " and c not in "\t\n\r\f\v")
    if controls > max(2, len(text[:_PROBE]) * 0.02):
        raise _binary(name)
    refuse_garbled(text, name)
    return text


def refuse_garbled(text: str, name: str) -> None:
    """Raises IngestError for text that was already destroyed by a wrong conversion."""
    broken = text.count("\ufffd") + 3 * sum(text.count(mark) for mark in _MOJIBAKE)
    letters = sum(c.isalnum() for c in text)
    accented = len(re.findall("[\u0080-\u00ff]", text))
    if (broken >= 3 and broken > letters * 0.01) or accented > max(8, 0.4 * len(text)):
        raise IngestError(
            f"{name} holds garbled characters from a wrong conversion; export it again from the original as UTF-8."
        )


def _binary(name: str) -> IngestError:
    return IngestError(
        f"{name} is not a text file nor of another kind that is read; save it as .docx or its text as .txt and ingest that."
    )
