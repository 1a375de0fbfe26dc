"""Reads YAML into plain data, with the line of every key and element. Scalars stay text: `1.014063` is not a number.

Built from the parser's events: libyaml's composer recurses in C, and a file of nested brackets crashed it.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import yaml
from yaml.events import AliasEvent, Event, MappingStartEvent, NodeEvent, ScalarEvent, SequenceStartEvent

from services.chatbot.content.loader.errors import Faults

TEXT_BYTES = 2_000_000
DEPTH = 12
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_Loader: type[yaml.CSafeLoader | yaml.SafeLoader] = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader

_OPENED = ("while parsing a flow", "while scanning a quoted scalar", "while scanning a simple key")
_ANY_PROBLEM = "không đọc được dòng này"
_PROBLEMS = {  # Part of libyaml's message: what an editor reads instead.
    "did not find expected ',' or ']'": "dấu [ mở ở dòng này không được đóng bằng ], hoặc thiếu dấu phẩy",
    "did not find expected ',' or '}'": "dấu { mở ở dòng này không được đóng bằng }, hoặc thiếu dấu phẩy",
    "did not find expected node content": "trong dấu [ ] hoặc { } có một phần trống hoặc sai chỗ",
    "found unexpected end of stream": "dấu nháy mở ở dòng này không được đóng",
    "found unexpected document indicator": "dấu nháy mở ở dòng này không được đóng",
    "did not find expected key": "thụt lề không đều, hoặc thừa dấu nháy, dấu ngoặc",
    "did not find expected '-' indicator": "các phần của danh sách thụt lề không đều",
    "block sequence entries are not allowed": "dấu - không được đứng ở đây",
    "mapping values are not allowed": "thừa dấu hai chấm; câu có dấu hai chấm phải để trong dấu nháy",
    "could not find expected ':'": "thiếu dấu hai chấm sau tên mục",
    "found character that cannot start any token": "dòng bắt đầu bằng ký tự lạ (@, `, dấu tab); hãy để câu trong dấu nháy",
    "found a tab character": "thụt lề bằng dấu tab; hãy dùng dấu cách",
    "found unknown escape character": "trong dấu nháy kép, sau dấu \\ là ký tự lạ; hãy dùng dấu nháy đơn",
}

PathStep = str | int
Path = tuple[PathStep, ...]
YamlValue = None | str | list["YamlValue"] | dict[str, "YamlValue"]


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """A file's data, and the line of every path into it."""

    file: str
    data: YamlValue
    lines: Mapping[Path, int]

    def line(self, path: Path) -> int:
        """Returns the line of `path`, or of its nearest parent that is in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class _TooDeepError(Exception):  # It never leaves this file.
    pass


def decode_text(body: bytes, file: str, faults: Faults) -> str | None:
    """Returns UTF-8 text, with or without BOM; None with a fault for anything else."""
    if len(body) > TEXT_BYTES:
        faults.add(file, 1, f"tệp quá lớn (tối đa {TEXT_BYTES // 1_000_000} MB)")
        return None
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        faults.add(
            file, body[: error.start].count(b"\n") + 1, "chữ không theo bảng mã UTF-8; hãy lưu lại tệp dạng UTF-8"
        )
        return None


def parse_yaml(body: bytes, file: str, faults: Faults) -> YamlDocument | None:
    """Returns the document, or None when the file is not YAML. Faults within it are added, and the rest is returned."""
    text = decode_text(body, file, faults)
    if text is None:
        return None
    builder = _Builder(file, faults)
    try:
        data = builder.build(yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        faults.add(file, *_syntax_fault(error))
        return None
    except yaml.YAMLError:  # From the reader, which knows no line.
        faults.add(file, 1, "sai cú pháp YAML: tệp có ký tự điều khiển")
        return None
    except _TooDeepError:
        return None
    return YamlDocument(file, data, builder.lines)


@dataclass(slots=True)
class _Builder:
    file: str
    faults: Faults
    lines: dict[Path, int] = field(default_factory=dict)

    def build(self, events: Iterator[Event]) -> YamlValue:
        """Returns the only document of a file; None for an empty file."""
        nodes = (event for event in events if not isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent))
        first = next(nodes)
        if not isinstance(first, NodeEvent):
            return None
        data = self._node(first, nodes, ())
        for event in nodes:
            if isinstance(event, NodeEvent):
                self._fault(event, "mỗi tệp chỉ chứa một tài liệu YAML (bỏ dòng ---)")
                break
        return data

    def _node(self, event: Event, events: Iterator[Event], path: Path) -> YamlValue:
        self.lines.setdefault(path, _line(event))
        if isinstance(event, AliasEvent):  # An alias would let ten lines grow into gigabytes.
            self._fault(event, "không dùng neo (& và *); hãy viết lại đầy đủ")
            return None
        if isinstance(event, NodeEvent) and getattr(event, "tag", None):
            self._fault(event, "không dùng nhãn kiểu (!…) trong nội dung")
        if len(path) > DEPTH:
            self._fault(event, "lồng quá sâu")
            raise _TooDeepError
        if isinstance(event, MappingStartEvent):
            return self._mapping(events, path)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(events, path)
        return _scalar(event)

    def _sequence(self, events: Iterator[Event], path: Path) -> list[YamlValue]:
        items: list[YamlValue] = []
        while isinstance(event := next(events), NodeEvent):
            items.append(self._node(event, events, (*path, len(items))))
        return items

    def _mapping(self, events: Iterator[Event], path: Path) -> dict[str, YamlValue]:
        mapping: dict[str, YamlValue] = {}
        while isinstance(event := next(events), NodeEvent):
            key = self._node(event, events, (*path, ""))
            del self.lines[*path, ""]
            value_event = next(events)
            if not isinstance(key, str):
                self._fault(event, "tên mục phải là chữ")
                key = ""  # Its value is still read, and reported as unknown.
            elif key in mapping:
                self._fault(event, f"mục «{key[:60]}» viết hai lần")
            else:
                self.lines[*path, key] = _line(event)
            value = self._node(value_event, events, (*path, key))
            mapping.setdefault(key, value)
        return mapping

    def _fault(self, event: Event, reason: str) -> None:
        self.faults.add(self.file, _line(event), reason)


def _syntax_fault(error: yaml.MarkedYAMLError) -> tuple[int, str]:
    """Returns the line to correct and the reason. An unclosed bracket or quote is reported where it opens."""
    problem = next((reason for part, reason in _PROBLEMS.items() if part in (error.problem or "")), _ANY_PROBLEM)
    unclosed = error.context_mark is not None and (error.context or "").startswith(_OPENED)
    mark = error.context_mark if unclosed else error.problem_mark or error.context_mark
    return (mark.line + 1 if mark else 1), f"sai cú pháp YAML: {problem}"


def _line(event: Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _scalar(event: Event) -> str | None:
    assert isinstance(event, ScalarEvent)  # noqa: S101  # The last kind of node there is.
    if event.implicit[0] and event.value in _NULLS:  # Plain, without quotes.
        return None
    return unicodedata.normalize("NFC", str(event.value)).strip()
