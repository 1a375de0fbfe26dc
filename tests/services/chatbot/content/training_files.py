"""The least that a language model can be trained from: two keys, what is none of ours, and a language of few words."""

TRAINING_FILES: dict[str, str] = {
    "utterances/doi_the.yaml": """key: doi_the
kind: procedure
title: "Đổi thẻ"
asks:
  - "đổi thẻ thử"
  - "đổi thẻ bị hỏng"
says: ["cho hỏi đổi thẻ"]
""",
    "utterances/f_dat_lich.yaml": """key: f_dat_lich
kind: flow
title: "Đặt lịch hẹn"
asks: ["đặt lịch hẹn", "xin một cái hẹn"]
says: ["hẹn giờ nào được"]
""",
    "utterances/oos.yaml": """key: oos
kind: none
title: "Ngoài phạm vi"
says: ["giá vàng", "thời tiết hôm nay", "kể chuyện cười"]
""",
    "language/tu.yaml": """words: {k: khong}
phrases: {ct: cong tac}
onsets: ["", d, th, h]
rimes: [oi, e, en, ong]
openings: ["cho hỏi"]
stories: ["trời mưa", "em ở xa", "hôm qua em có đi"]
closings: ["em cảm ơn"]
bare: {the: [doi_the, cap_the]}
bare_small: [oi]
abroad: ["{x} ở Mỹ"]
""",
    "language/mau.yaml": """frames:
  fee: ["{x} hết bao nhiêu"]
  place: ["{x} ở đâu"]
facet_order: [fee, place]
facets:
  fee: ['bao nhieu']
  place: ['o dau']
facet_words: {'cai (gi|chi)': '\\1'}
signs: {danger: ['chay nha'], not_danger: [], tip: [], not_tip: []}
wishes: {greeting: ['xin chao']}
wish_edges: {before: '(da|thua)', after: '(a|oi)'}
""",
}
