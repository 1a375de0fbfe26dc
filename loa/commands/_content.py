"""What commands that read a content directory share."""

from pathlib import Path
from typing import Annotated

import typer

HOME = Path(__file__).resolve().parents[2] / "content"
MODEL_CACHE = HOME.parent / ".loa" / "understanding"
ContentOption = Annotated[Path, typer.Option("--content", help="Thư mục nội dung, ví dụ một bản nháp.")]
