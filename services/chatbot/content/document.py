"""YAML to plain data, with the line of every key and element. Text stays text: `1.014063` is not a number here."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from services.chatbot.content.errors import Faults

TEXT_BYTES = 2_000_000
DEPTH = 12
_NULL = "tag:yaml.org,2002:null"
_CORE = "tag:yaml.org,2002:"
_Loader: type[yaml.CSafeLoader | yaml.SafeLoader] = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader

Step = str | int
Plain = None | str | list["Plain"] | dict[str, "Plain"]


@dataclass(frozen=True, slots=True)
class Document:
    file: str
    data: Plain
    lines: Mapping[tuple[Step, ...], int]

    def line(self, path: tuple[Step, ...]) -> int:
        """The line of the nearest thing that is really written there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def text_of(body: bytes, file: str, faults: Faults) -> str | None:
    """UTF-8 with or without BOM; anything else is a fault with its line."""
    if len(body) > TEXT_BYTES:
        faults.add(file, 1, f"tệp quá lớn (tối đa {TEXT_BYTES // 1_000_000} MB)")
        return None
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as bad:
        faults.add(file, body[: bad.start].count(b"\n") + 1, "chữ không theo bảng mã UTF-8; hãy lưu lại tệp dạng UTF-8")
        return None


def parse_yaml(body: bytes, file: str, faults: Faults) -> Document | None:
    """None when the file is no YAML at all; faults inside it are added, and the rest is still returned."""
    text = text_of(body, file, faults)
    if text is None:
        return None
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as bad:
        mark = bad.problem_mark or bad.context_mark
        faults.add(file, mark.line + 1 if mark else 1, f"sai cú pháp YAML: {bad.problem or bad.context}")
        return None
    except (yaml.YAMLError, RecursionError) as bad:
        faults.add(file, 1, f"sai cú pháp YAML: {type(bad).__name__}")
        return None
    walk = _Walk(file, faults)
    data = walk.plain(root, ()) if root is not None else None
    return Document(file, data, walk.lines)


@dataclass(slots=True)
class _Walk:
    file: str
    faults: Faults
    lines: dict[tuple[Step, ...], int] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)

    def plain(self, node: yaml.Node, path: tuple[Step, ...]) -> Plain:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if id(node) in self.seen or len(path) > DEPTH:  # An alias would let ten lines grow into gigabytes.
            self.faults.add(self.file, line, "không dùng neo (& và *) hay lồng quá sâu; hãy viết lại đầy đủ")
            return None
        self.seen.add(id(node))
        if not str(node.tag).startswith(_CORE):
            self.faults.add(self.file, line, "không dùng nhãn kiểu (!…) trong nội dung")
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(child, (*path, nth)) for nth, child in enumerate(node.value)]
        return None if node.tag == _NULL else unicodedata.normalize("NFC", str(node.value)).strip()

    def _mapping(self, node: yaml.MappingNode, path: tuple[Step, ...]) -> dict[str, Plain]:
        told: dict[str, Plain] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.faults.add(self.file, line, "tên mục phải là chữ")
                continue
            key = unicodedata.normalize("NFC", str(key_node.value))
            if key in told:
                self.faults.add(self.file, line, f"mục «{key[:60]}» viết hai lần")
                continue
            self.lines[*path, key] = line
            told[key] = self.plain(value_node, (*path, key))
        return told
