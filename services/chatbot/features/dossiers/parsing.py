"""What citizens, offices and workbooks write of a dossier, read: codes, stages, dates, birthdays."""

import re
from datetime import date

from contracts.text import fold, has_digit, is_digits, normalise, read_number
from services.chatbot.features.dossiers.effects import IDENTITY_DIGITS, STAGES
from services.chatbot.nlu.codes import read_codes

_OTHER_WORDS = {
    "moi tiep nhan": "received", "tiep nhan": "received", "moi nop": "received", "cho tiep nhan": "received",
    "dang xu ly": "processing", "dang thu ly": "processing", "dang tham dinh": "processing",
    "yeu cau bo sung": "needs_more", "cho bo sung": "needs_more", "bo sung": "needs_more",
    "da giai quyet": "ready", "co ket qua": "ready", "hoan thanh": "ready", "cho tra ket qua": "ready",
    "da nhan ket qua": "returned", "da tra": "returned", "tra ket qua": "returned",
    "tu choi": "refused", "khong giai quyet": "refused", "rut ho so": "withdrawn",
}  # fmt: skip


_STAGE_OF = {fold(title): stage for stage, title in STAGES.items()} | {stage: stage for stage in STAGES} | _OTHER_WORDS
_OLDEST = date(1900, 1, 1)
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?:[ T][\d:.]+)?", re.ASCII)
_DAY_FIRST = re.compile(r"\D{0,20}(?P<day>\d{1,2})[\s/.\-](?P<month>\d{1,2})[\s/.\-](?P<year>\d{4})\W*", re.ASCII)
_YEAR_ALONE = re.compile(
    r"(?:(?:0{1,2}|-{1,2})[/.\-](?:0{1,2}|-{1,2})[/.\-]|(?:sinh )?nam )?(?P<year>(?:19|20)\d{2})", re.ASCII
)
_YEAR_DIGITS, _LONGEST_NAME = 4, 80
_DIGITS_ONLY = re.compile(r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>\d{4})", re.ASCII)


def read_code(text: str) -> str | None:
    """The dossier's code in what a citizen typed; spaces around its dots and dashes forgiven."""
    tidied = re.sub(r"\s*([.\-])\s*", r"\1", normalise(text)[:200])
    return read_codes(tidied)[0].dossier


def read_stage(text: str) -> str | None:
    """Returns one of STAGES from the terms offices use for it. Nothing else is guessed."""
    return _STAGE_OF.get(fold(text))


def read_date(text: str) -> date | None:
    """`5/9/1990`, `05-09-1990`, `05091990`, `1990-09-05` (and with a time behind, as workbooks have it)."""
    text_start = text.strip()[:40]
    match = _ISO.fullmatch(text_start) or _DAY_FIRST.fullmatch(text_start) or _DIGITS_ONLY.fullmatch(text_start)
    if match is None:
        return None
    year, month, day = (read_number(match[part]) or 0 for part in ("year", "month", "day"))
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_birth(text: str) -> str | None:
    """Returns a day as `1990-09-05`, or the year where that is all: `1938`, `00/00/1938`, `--/--/1938`, `năm 1938`."""
    if (day := read_date(text)) is not None:
        return day.isoformat()
    year = _YEAR_ALONE.fullmatch(fold(text))
    return year["year"] if year else None


def read_birthday(text: str, today: date) -> str | None:
    """A day, or a year, in which somebody alive can have been born."""
    birth = read_birth(text)
    if birth is None or birth < _OLDEST.isoformat()[: len(birth)] or birth > today.isoformat()[: len(birth)]:
        return None
    return birth


def is_year(birth: str) -> bool:
    return len(birth) == _YEAR_DIGITS


def read_identity_end(text: str) -> str | None:
    """The last digits of an identity number, however many of it were typed."""
    digits = re.sub(r"[\s.\-]", "", normalise(text))
    return digits[-IDENTITY_DIGITS:] if is_digits(digits) and len(digits) >= IDENTITY_DIGITS else None


def read_more(text: str) -> str | None:
    """What proves a dossier of which the year of birth alone is known: the number's last digits, or a name."""
    if has_digit(text):
        return read_identity_end(text)
    name = fold(text)[:_LONGEST_NAME]
    return name if " " in name else None
