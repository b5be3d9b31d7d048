from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jwt
import pytest

from localdev.__main__ import main
from localdev.identity.directory import API_CLIENT_ID, SCOPES, TENANT, object_id
from localdev.identity.tokens import LIFETIME, Issuer, new_key

ISSUER = Issuer(TENANT, new_key())


@pytest.fixture
def ready_file(tmp_path: Path) -> Path:
    """Return what `up` writes for a stack with a gateway."""
    key_file = tmp_path / "signing-key.pem"
    key_file.write_bytes(ISSUER.pem)
    file = tmp_path / "up.json"
    facts = {"identity": {"tenant": TENANT, "signingKeyFile": str(key_file)}}
    file.write_text(json.dumps(facts), encoding="utf-8")
    return file


def printed(capsys: pytest.CaptureFixture[str], ready_file: Path, *options: str) -> dict[str, Any]:
    """Run the command; return the claims of the only line that it prints."""
    assert main(["token", "--ready-file", str(ready_file), *options]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    claims: dict[str, Any] = jwt.decode(
        line, ISSUER.key.public_key(), algorithms=["RS256"], options={"verify_aud": False}
    )
    return claims


def test_without_options_it_is_alices(capsys: pytest.CaptureFixture[str], ready_file: Path) -> None:
    """The token that is printed is signed, is alice's, and allows everything for an hour."""
    claims = printed(capsys, ready_file)

    assert (claims["oid"], claims["aud"]) == (object_id("alice"), API_CLIENT_ID)
    assert claims["scp"].split() == list(SCOPES)
    assert claims["exp"] - claims["iat"] == LIFETIME


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--caller", "bob"), {"oid": object_id("bob")}),
        (("--scope", "jobs.read"), {"scp": "jobs.read"}),
        (("--role", "jobs.reader"), {"roles": ["jobs.reader"], "idtyp": "app"}),
        (("--version", "1.0"), {"ver": "1.0"}),
    ],
)
def test_options_change_the_token(
    capsys: pytest.CaptureFixture[str],
    ready_file: Path,
    options: tuple[str, ...],
    expected: dict[str, Any],
) -> None:
    """Caller, scopes, roles and version of the token are as the command line says."""
    assert printed(capsys, ready_file, *options).items() >= expected.items()


def test_a_lifetime_can_be_given(capsys: pytest.CaptureFixture[str], ready_file: Path) -> None:
    """A token lasts as long as it was asked to."""
    claims = printed(capsys, ready_file, "--lifetime", "60")

    assert claims["exp"] - claims["iat"] == 60


@pytest.mark.parametrize(
    ("content", "hint"),
    [(None, "make up"), ({"functions": {}}, "without a gateway")],
)
def test_without_an_issuer_it_says_what_to_do(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, content: object, hint: str
) -> None:
    """Where there is no stack, or one without tokens, the command fails with 1 and the way out."""
    file = tmp_path / "up.json"
    if content is not None:
        file.write_text(json.dumps(content), encoding="utf-8")

    assert main(["token", "--ready-file", str(file)]) == 1
    said = capsys.readouterr()
    assert not said.out
    assert hint in " ".join(said.err.split())


def test_a_stack_that_was_killed_is_a_failure(
    capsys: pytest.CaptureFixture[str], ready_file: Path
) -> None:
    """A ready file that outlived its stack, and names a key that is gone, is no traceback."""
    ready_file.with_name("signing-key.pem").unlink()

    assert main(["token", "--ready-file", str(ready_file)]) == 1
    assert not capsys.readouterr().out


@pytest.mark.parametrize(
    "options", [("--scope", "jobs.write"), ("--role", "admin"), ("--version", "3"), ("bob",)]
)
def test_a_wrong_command_line(ready_file: Path, options: tuple[str, ...]) -> None:
    """What no token of the API can have is refused with 2."""
    with pytest.raises(SystemExit) as stopped:
        main(["token", "--ready-file", str(ready_file), *options])
    assert stopped.value.code == 2
