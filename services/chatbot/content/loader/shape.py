"""Validates plain data as models, and words pydantic's errors as one line of Vietnamese each."""

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from services.chatbot.content.loader.csv_table import CsvRow
from services.chatbot.content.loader.errors import Faults
from services.chatbot.content.loader.yaml_document import Path, YamlDocument

M = TypeVar("M", bound=BaseModel)

_REASONS = {
    "missing": "thiếu mục «{name}»",
    "string_type": "mục «{name}» phải là chữ",
    "string_too_long": "mục «{name}» dài quá {max_length} ký tự",
    "string_too_short": "mục «{name}» không được để trống",
    "string_pattern_mismatch": "mục «{name}» không đúng mẫu {pattern}",
    "too_long": "mục «{name}» có {actual_length} phần, nhiều nhất {max_length}",
    "too_short": "mục «{name}» cần ít nhất {min_length} phần",
    "tuple_type": "mục «{name}» phải là danh sách (mỗi phần một dòng, bắt đầu bằng dấu -)",
    "model_type": "mục «{name}» phải gồm các mục con (tên: giá trị)",
    "dict_type": "mục «{name}» phải gồm các mục con (tên: giá trị)",
    "bool_parsing": "mục «{name}» chỉ nhận true hoặc false",
    "bool_type": "mục «{name}» chỉ nhận true hoặc false",
    "int_parsing": "mục «{name}» phải là số nguyên",
    "int_type": "mục «{name}» phải là số nguyên",
    "float_parsing": "mục «{name}» phải là số",
    "float_type": "mục «{name}» phải là số",
    "date_from_datetime_parsing": "mục «{name}» phải là ngày dạng 2026-07-01",
    "date_parsing": "mục «{name}» phải là ngày dạng 2026-07-01",
    "date_type": "mục «{name}» phải là ngày dạng 2026-07-01",
    "literal_error": "mục «{name}» chỉ nhận {expected}",
    "enum": "mục «{name}» chỉ nhận {expected}",
    "greater_than_equal": "mục «{name}» phải từ {ge} trở lên",
    "greater_than": "mục «{name}» phải lớn hơn {gt}",
    "less_than_equal": "mục «{name}» phải không quá {le}",
    "value_error": "mục «{name}»: {error}",
}


def model_of(model: type[M], document: YamlDocument, faults: Faults, at: tuple[str | int, ...] = ()) -> M | None:
    """Returns the part of the document under `at` as a model, or None with its faults added."""
    data: Any = document.data
    for step in at:
        data = data[step]
    return validated(model, data, faults, lambda path: (document.file, document.line((*at, *path))))


def models_of(model: type[M], document: YamlDocument, faults: Faults, at: str) -> list[tuple[int, int, M]]:
    """Returns the list under the key `at` as (position, line, model); elements with faults are left out."""
    data = document.data
    listed = data.get(at) if isinstance(data, dict) and set(data) == {at} else None
    if not isinstance(listed, list):
        expected = f"đúng một mục «{at}:» là một danh sách" if at else "một danh sách"
        faults.add(document.file, 1, f"tệp phải gồm {expected}")
        return []
    shaped = [(index, model_of(model, document, faults, (at, index))) for index in range(len(listed))]
    return [(index, document.line((at, index)), value) for index, value in shaped if value is not None]


def row_of(model: type[M], row: CsvRow, file: str, faults: Faults) -> M | None:
    """Returns a row as a model, or None with its faults added."""
    cells = {name: cell for name, cell in row.cells.items() if cell is not None}
    return validated(model, cells, faults, lambda _: (file, row.line))


def validated(model: type[M], data: object, faults: Faults, place: Callable[[Path], tuple[str, int]]) -> M | None:
    """Returns the model, or None with its faults added; `place` gives the file and line of a path into the data."""
    try:
        return model.model_validate(data)
    except ValidationError as invalid:
        for error in invalid.errors(include_url=False, include_input=False):
            faults.add(*place(error["loc"]), _reason(error, model))
        return None


def _reason(error: ErrorDetails, model: type[BaseModel]) -> str:
    name = ".".join(str(step + 1) if isinstance(step, int) else step for step in error["loc"])[:120]
    context: dict[str, Any] = error.get("ctx", {})
    if error["type"] == "extra_forbidden":
        return f"không có mục nào tên «{name}»{_guess(error, model)}"
    if error["type"] == "value_error" and not name:
        return str(context["error"])
    pattern = _REASONS.get(error["type"])
    return pattern.format(name=name or "tệp", **context) if pattern else f"mục «{name}» không đúng kiểu"


def _guess(error: ErrorDetails, model: type[BaseModel]) -> str:
    field_names = list(model.model_fields) if len(error["loc"]) == 1 else []
    near = get_close_matches(str(error["loc"][-1]), field_names, n=1)
    return f"; có phải là «{near[0]}»?" if near else ""
