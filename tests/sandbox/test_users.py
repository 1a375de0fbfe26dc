"""What an OA finds of its people: details, lists, tags, notes, conversations; and nothing of another OA's."""

from tests.zalo import OA, OTHER_OA, SandboxHarness


async def test_user_detail_has_every_documented_member(play: SandboxHarness) -> None:
    data = (await play.get("/v3.0/oa/user/detail", {"user_id": play.user_id}))["data"]
    assert set(data) == {
        "user_id", "user_id_by_app", "user_external_id", "display_name", "user_alias", "is_sensitive",
        "user_last_interaction_date", "user_is_follower", "avatar", "avatars", "dynamic_param", "tags_and_notes_info",
        "shared_info",
    }  # fmt: skip
    assert data["display_name"] == "Người Thử"
    assert set(data["shared_info"]) == {"address", "city", "district", "phone", "name"}


async def test_users_are_listed_by_tag_period_and_following(play: SandboxHarness) -> None:
    tag = {"user_id": play.user_id, "tag_name": "cư trú"}
    assert (await play.post("/v2.0/oa/tag/tagfollower", tag))["error"] == 0
    for filters, total in (
        ({"tag_name": "cư trú"}, 1), ({"tag_name": "khác"}, 0), ({"last_interaction_period": "TODAY"}, 1),
        ({"last_interaction_period": "2020_01_01:2020_01_31"}, 0), ({"is_follower": "true"}, 1), ({"is_follower": False}, 0),
    ):  # fmt: skip
        reply = await play.get("/v3.0/oa/user/getlist", {"offset": 0, "count": 50, **filters})
        assert reply["data"]["total"] == total, filters
    assert (await play.get("/v3.0/oa/user/getlist", {"offset": 9_952}))["error"] == -210
    assert (await play.get("/v3.0/oa/user/getlist", {"count": 51}))["error"] == -210


async def test_tags_come_and_go_with_their_events(play: SandboxHarness) -> None:
    tag = {"user_id": play.user_id, "tag_name": "cư trú"}
    await play.post("/v2.0/oa/tag/tagfollower", tag)
    assert (await play.get("/v2.0/oa/tag/gettagsofoa"))["data"] == ["cư trú"]
    await play.post("/v2.0/oa/tag/rmfollowerfromtag", tag)
    await play.post("/v2.0/oa/tag/tagfollower", {**tag, "user_id": int(play.user_id)})
    await play.post("/v2.0/oa/tag/rmtag", {"tag_name": "cư trú"})
    await play.quiet()
    assert play.gateway.names() == ["add_user_to_tag", "remove_user_from_tag", "add_user_to_tag", "remove_tag"]


async def test_what_an_oa_notes_about_a_person_is_kept(play: SandboxHarness) -> None:
    changed = {"user_id": play.user_id, "alias": "Bà Bảy", "note": "tổ 5", "shared_info": {"name": "Bà Thử"}}
    assert (await play.post("/v3.0/oa/user/update", changed))["error"] == 0
    data = (await play.get("/v3.0/oa/user/detail", {"user_id": play.user_id}))["data"]
    assert (data["user_alias"], data["tags_and_notes_info"]["notes"]) == ("Bà Bảy", ["tổ 5"])
    assert data["shared_info"]["name"] == "Bà Thử"


async def test_a_conversation_is_read_newest_first(play: SandboxHarness) -> None:
    await play.control("POST", f"/citizens/{play.citizen_id}/send", {"oa_id": OA, "text": "hỏi"})
    await play.send("đáp")
    lines = (await play.get("/v2.0/oa/conversation", {"user_id": play.user_id, "offset": 0, "count": 10}))["data"]
    assert [(line["src"], line["message"]) for line in lines] == [(0, "đáp"), (1, "hỏi")]
    assert isinstance(lines[0]["time"], int)
    recent = (await play.get("/v2.0/oa/listrecentchat", {"offset": 0, "count": 10}))["data"]
    assert [line["message"] for line in recent] == ["đáp"]


async def test_an_oa_sees_only_its_own(play: SandboxHarness) -> None:
    play.token = (await play.control("POST", f"/oas/{OTHER_OA}/token"))["access_token"]
    assert (await play.get("/v3.0/oa/user/detail", {"user_id": play.user_id}))["error"] == -201
    assert (await play.get("/v3.0/oa/user/getlist", {}))["data"]["total"] == 0
    assert (await play.get("/v2.0/oa/getoa"))["data"]["oa_id"] == OTHER_OA
