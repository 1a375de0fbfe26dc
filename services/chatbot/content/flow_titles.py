"""The errands a menu or a pack may name. A flow that content names and nobody runs would be a dead button."""

FLOW_TITLES = {
    "f_ho_so": "Tra cứu hồ sơ theo mã",
    "f_ho_so_cua_toi": "Hồ sơ của tôi",
    "f_giay_to": "Kho giấy tờ của tôi",
    "f_buu_chinh": "Nhận kết quả qua bưu chính",
    "f_rut_ho_so": "Rút hồ sơ",
    "f_uy_quyen": "Uỷ quyền nhận kết quả",
    "f_diem_thi": "Tra cứu điểm thi",
    "f_phat_nguoi": "Tra cứu phạt nguội",
    "f_camera": "Camera giao thông",
    "f_dat_lich": "Đặt lịch hẹn",
    "f_lich_hen": "Lịch hẹn của tôi",
    "f_don_vi": "Tìm đơn vị, trụ sở",
    "f_tin_tuc": "Tin tức, cảnh báo",
    "f_dang_ky_tin": "Đăng ký nhận tin",
    "f_khao_sat": "Khảo sát hài lòng",
    "f_can_bo": "Gặp cán bộ trực",
    "f_tin_bao": "Gửi tin báo, tố giác",
}
