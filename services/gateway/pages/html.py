"""The pages as text. Everything that comes from a record is escaped. Pure."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

from chassis.clock import VIETNAM
from services.gateway.pages.steps import Step

_STYLE = """
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:42rem;padding:1rem}
h1{font-size:1.3rem;margin:.5rem 0}
ol{list-style:none;padding:0}
li{border:1px solid #8886;border-radius:.6rem;margin:.5rem 0;padding:.6rem .8rem}
li b{display:block}
.done{border-left:.4rem solid #2a7d46}
.open{border-left:.4rem solid #b3541e}
code{overflow-wrap:anywhere}
p.sum{font-weight:600}
"""


def home(codes: Sequence[str]) -> str:
    """The home page: what Zalo's verifier looks for, and a sentence for other visitors."""
    metas = "".join(f'<meta name="zalo-platform-site-verification" content="{escape(code)}">' for code in codes)
    return _page("Loa", "<h1>Loa</h1><p>Cổng tiếp nhận tin nhắn Zalo OA của các cơ quan nhà nước.</p>", metas)


def verifier(code: str) -> str:
    return _page(
        "Xác thực", f"<p>{escape(code)}</p>", f'<meta name="zalo-platform-site-verification" content="{escape(code)}">'
    )


def onboarding(name: str, oa_id: str, webhook: str, steps: Sequence[Step], last: datetime | None) -> str:
    missing = sum(not step.done for step in steps)
    total = f"Còn {missing} việc cần làm." if missing else "OA đã sẵn sàng phục vụ người dân."
    when = f"{last.astimezone(VIETNAM):%H:%M ngày %d/%m/%Y}" if last else "chưa có"
    body = (
        f"<h1>Kết nối OA: {escape(name)}</h1><p>Mã OA: <code>{escape(oa_id)}</code></p>"
        f"<p>Địa chỉ webhook cần khai báo trên developers.zalo.me: <code>{escape(webhook)}</code></p>"
        f'<p class="sum">{total}</p><p>Sự kiện gần nhất: {when}. Trang cập nhật sau mỗi lần tải lại (chậm nhất mười phút).</p>'
        f"<ol>{''.join(map(_step, steps))}</ol>"
        "<p>Lưu ý: tắt mục “Lọc cú pháp” trên Zalo, vì khi bật, Zalo chỉ chuyển những tin bắt đầu bằng dấu #.</p>"
    )
    return _page(f"Kết nối OA: {name}", body)


def missing(oa_id: str) -> str:
    return _page(
        "Chưa đăng ký",
        f"<h1>OA chưa được đăng ký</h1><p>Hệ thống chưa có OA <code>{escape(oa_id)}</code>. "
        "Quản trị viên đăng ký bằng lệnh: <code>loa oa add</code>.</p>",
    )


def _step(step: Step) -> str:
    mark, kind = ("✓", "done") if step.done else ("○", "open")
    return f'<li class="{kind}"><b>{mark} {escape(step.title)}</b>{escape(step.advice)}</li>'


def _page(title: str, body: str, head: str = "") -> str:
    return (
        '<!doctype html><html lang="vi"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">{head}'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>{body}</body></html>"
    )
