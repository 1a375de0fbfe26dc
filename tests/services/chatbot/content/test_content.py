"""What the rest of the chatbot gets from the content."""

from pathlib import Path

import pytest

from services.chatbot.content import Content
from tests.services.chatbot.content.content_files import FILES, OA, content, write


def test_an_oa_speaks_from_its_pack() -> None:
    pack = content().pack_of(OA)
    assert pack is not None
    assert pack.id == "phuong"


def test_an_unknown_oa_has_no_pack() -> None:
    assert content().pack_of("9000000000000000009") is None


def test_a_pack_says_some_things_in_its_own_way_and_the_rest_as_all_do() -> None:
    here = content()
    assert here.texts_of("phuong").render("welcome.hello", oa="Thử") == "Chào từ Thử."
    assert here.texts_of("phuong").render("button.yes") == here.texts.render("button.yes") == "Đồng ý"


def test_what_a_citizen_wrote_is_never_read_as_a_pattern() -> None:
    assert content().texts.render("tip.no_thanks")
    assert "{name} {oa}" in content().texts.render("procedure.about", name="{name} {oa}")


def test_a_place_nobody_declared_is_a_mistake_of_the_code() -> None:
    with pytest.raises(KeyError, match="has no place for"):
        content().texts.render("procedure.about", name="x", ten="y")


def test_forms_are_those_the_procedure_names_and_those_that_name_it() -> None:
    here = content()
    assert [form.id for form in here.forms_of("doi_the")] == ["X01"]
    assert [form.id for form in here.forms_of("cap_the")] == ["X01"]
    assert here.form_file("X01").startswith(b"%PDF")


def test_news_are_the_latest_of_the_topics_a_pack_has() -> None:
    here = content()
    assert [item.id for item in here.news_of("phuong")] == ["tin_moi", "tin_cu"]
    assert [item.id for item in here.news_of("phuong", limit=1)] == ["tin_moi"]
    assert here.news_of("phuong", topic="khac") == ()


def test_the_same_files_are_the_same_version_and_one_letter_makes_another() -> None:
    assert content().version == content().version
    assert content().version != content(oas_dot_yaml=FILES["oas.yaml"].replace("Thử", "Khác")).version


def test_measures_and_notes_do_not_change_the_version(tmp_path: Path) -> None:
    before = Content.load(write(tmp_path)).version
    (tmp_path / "evaluation").mkdir()
    (tmp_path / "evaluation" / "dev.tsv").write_text("x")
    (tmp_path / "README.md").write_text("x")
    (tmp_path / "texts.yaml~").write_text("x")
    (tmp_path / ".texts.yaml.swp").write_text("x")
    assert Content.load(tmp_path).version == before
