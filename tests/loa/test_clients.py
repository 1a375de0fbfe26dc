"""`loa clients`: a key is shown once, kept as a hash, limited, rotated without a gap, and gone when it is removed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from chassis.api_clients import FILE, FOLDER, ApiClients
from contracts.scopes import Scope
from loa.commands.clients import app
from loa.runtime import secrets
from loa.runtime.api_clients import OPERATOR, ClientFile
from loa.runtime.errors import SetupError

NOW = datetime.now(UTC)


def typed(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(app, [*words, "--secrets", str(folder)])


def test_a_key_is_shown_once_and_kept_as_a_hash(tmp_path: Path) -> None:
    done = typed(tmp_path, "add", "one-stop", "--scope", "dossiers:push", "--oa", "1001")
    key = done.stdout.strip()
    assert key.startswith("loa_")
    text = (tmp_path / FOLDER / FILE).read_text()
    assert key not in text
    assert (tmp_path / FOLDER / FILE).stat().st_mode & 0o777 == 0o600
    entry = ApiClients(tmp_path).find(key)
    assert entry
    assert (entry.client, entry.scopes, entry.oa_ids) == (
        "one-stop",
        frozenset({Scope.DOSSIERS_PUSH}),
        frozenset({"1001"}),
    )
    assert entry.is_live(NOW)
    assert not entry.is_live(NOW + timedelta(days=366))
    listed = typed(tmp_path, "list").stdout
    assert "one-stop" in listed
    assert "dossiers:push" in listed
    assert key not in listed


def test_a_client_has_two_live_keys_while_it_is_rotated_and_never_three(tmp_path: Path) -> None:
    def live(now: datetime) -> list[str]:
        clients = ApiClients(tmp_path)
        return [key for key in keys if (entry := clients.find(key)) and entry.is_live(now)]

    file = ClientFile(tmp_path, NOW)
    keys = [file.add("one-stop", frozenset({Scope.DOSSIERS_PUSH}), None, 365)]
    keys.append(file.rotate("one-stop", 24, 365))
    assert live(NOW) == keys
    assert live(NOW + timedelta(hours=25)) == keys[1:]
    keys.append(ClientFile(tmp_path, NOW + timedelta(hours=1)).rotate("one-stop", 24, 365))
    assert live(NOW + timedelta(hours=1)) == keys[1:]
    first, second = sorted(file.entries(), key=lambda entry: entry.created_at)
    assert first.rotated_by == second.key_id
    assert second.scopes == {Scope.DOSSIERS_PUSH}


def test_a_key_that_ends_soon_does_not_live_longer_by_being_rotated(tmp_path: Path) -> None:
    file = ClientFile(tmp_path, NOW)
    key = file.add("one-stop", frozenset({Scope.DOSSIERS_PUSH}), None, 1)
    file.rotate("one-stop", 1_000, 365)
    entry = ApiClients(tmp_path).find(key)
    assert entry
    assert entry.expires_at == NOW + timedelta(days=1)


def test_a_client_that_is_removed_has_no_key(tmp_path: Path) -> None:
    key = typed(tmp_path, "add", "one-stop", "--scope", "dossiers:push").stdout.strip()
    typed(tmp_path, "add", "another", "--scope", "imports:write")
    assert typed(tmp_path, "remove", "one-stop").exit_code == 0
    assert ApiClients(tmp_path).find(key) is None
    assert [entry.client for entry in ClientFile(tmp_path).entries()] == ["another"]


@pytest.mark.parametrize(
    "words",
    [
        ("add", "one-stop", "--scope", "dossiers:push"),
        ("add", "No Name", "--scope", "dossiers:push"),
        ("add", "two", "--scope", "dossiers:push", "--oa", "no OA"),
        ("add", "two", "--scope", "dossiers:push", "--days", "0"),
        ("rotate", "one-stop", "--days", "0"),
        ("rotate", "nobody"),
        ("remove", "nobody"),
    ],
)
def test_what_cannot_be_done_is_said_with_a_remedy(tmp_path: Path, words: tuple[str, ...]) -> None:
    typed(tmp_path, "add", "one-stop", "--scope", "dossiers:push")
    done = typed(tmp_path, *words)
    assert isinstance(done.exception, SetupError)
    assert "loa clients" in str(done.exception)


def test_a_scope_that_does_not_exist_is_refused_with_those_that_do(tmp_path: Path) -> None:
    done = typed(tmp_path, "add", "one-stop", "--scope", "everything")
    assert done.exit_code == 2
    assert "dossiers:push" in done.output


def test_a_file_that_was_changed_by_hand_is_refused_with_its_line(tmp_path: Path) -> None:
    typed(tmp_path, "add", "one-stop", "--scope", "dossiers:push")
    with (tmp_path / FOLDER / FILE).open("a") as file:
        file.write("{}\n")
    with pytest.raises(SetupError, match="line 2"):
        ClientFile(tmp_path).entries()


def test_the_operators_own_keys_are_let_in_for_what_loa_does_and_no_more(tmp_path: Path) -> None:
    for _ in range(2):  # Again changes nothing.
        secrets.generate(tmp_path)
    assert len(ClientFile(tmp_path).entries()) == len(OPERATOR)
    for service, scopes in OPERATOR.items():
        entry = ApiClients(tmp_path).find(secrets.read(tmp_path, f"{service}-api-token"))
        assert entry
        assert (entry.client, entry.scopes, entry.expires_at) == (f"operator-{service}", scopes, None)


def test_an_operators_key_that_was_replaced_by_hand_is_let_in_at_the_next_start(tmp_path: Path) -> None:
    secrets.generate(tmp_path)
    (tmp_path / "notify-api-token").write_text("a new one\n")
    secrets.generate(tmp_path)
    assert ApiClients(tmp_path).find("a new one")
    assert len(ClientFile(tmp_path).entries()) == len(OPERATOR)
