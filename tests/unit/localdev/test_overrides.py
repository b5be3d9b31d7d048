"""What `--set` and `--named-value` take, and what is refused before anything starts."""

from __future__ import annotations

import pytest

from localdev.__main__ import main


def refused(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """Return what `up` says of a wrong command line."""
    with pytest.raises(SystemExit) as error:
        main(["up", *options])
    assert error.value.code == 2
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "given", "told"),
    [
        ("--set", "QJOBS_PATIENCE=3", "did you mean QJOBS_PATIENCE_SECONDS"),
        ("--set", "qjobs_patience_seconds=3", "did you mean QJOBS_PATIENCE_SECONDS"),
        ("--set", "AzureWebJobsStorage__clientID=3", "did you mean AzureWebJobsStorage__clientId"),
        ("--set", "nope=3", "there is no app setting nope: there are APPLICATIONINSIGHTS_"),
        ("--set", "QJOBS_PATIENCE_SECONDS", "is not NAME=VALUE"),
        ("--set", "QJOBS_PATIENCE_SECONDS=soon", "QJOBS_PATIENCE_SECONDS"),
        ("--set", "QJOBS_WORKSPACE_NAME=", "QJOBS_WORKSPACE_NAME is missing"),
        ("--named-value", "submit-per-minute=3", "did you mean submits-per-minute"),
        ("--named-value", "nope=3", "there is no named value nope: there are api-audience,"),
        ("--named-value", "=3", "is not NAME=VALUE"),
    ],
)
def test_what_nothing_reads_is_refused(
    capsys: pytest.CaptureFixture[str], option: str, given: str, told: str
) -> None:
    """A slip of the pen is told with what was probably meant, or with all that there is."""
    assert told in refused(capsys, option, given)


def test_named_values_need_a_gateway(capsys: pytest.CaptureFixture[str]) -> None:
    """With the functions alone there is nobody to read them."""
    assert main(["up", "--direct", "--named-value", "submits-per-minute=3"]) == 2
    assert "--direct has no gateway" in capsys.readouterr().err
