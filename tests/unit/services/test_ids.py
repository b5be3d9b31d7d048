from __future__ import annotations

import pytest

from qjobs.bootstrap import Services
from qjobs.domain.errors import InvalidParameterError, UnknownJobError
from tests.unit.services.jobs import accepted


async def test_an_id_in_capitals_is_the_same_id(services: Services) -> None:
    """Capitals are accepted wherever an id is, and answered in lower case."""
    job = await accepted(services)
    shouted = job.id.upper()

    found = await services.find_job("owner", shouted)
    canceled = await services.cancel("owner", shouted)

    assert (found, canceled.id) == (job, job.id)


@pytest.mark.parametrize(
    "job_id", ["1b4e28ba-2fa1-41d2-883f-0016d3cca427", "00000000-0000-0000-0000-000000000000"]
)
async def test_a_uuid_that_is_no_job_is_not_found(services: Services, job_id: str) -> None:
    """A UUID of any form is an id that nobody has, and not a malformed one."""
    with pytest.raises(UnknownJobError):
        await services.find_job("owner", job_id)
    with pytest.raises(UnknownJobError):
        await services.cancel("owner", job_id)


@pytest.mark.parametrize("job_id", ["not-an-id", "", "../other"])
async def test_a_text_that_is_no_uuid_is_refused(services: Services, job_id: str) -> None:
    """The parameter is named."""
    for use in (services.find_job, services.cancel):
        with pytest.raises(InvalidParameterError) as refused:
            await use("owner", job_id)
        assert [one.parameter for one in refused.value.violations] == ["id"]
