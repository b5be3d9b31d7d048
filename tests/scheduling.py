"""The order in which the workers of pytest-xdist take files, and what they take as one."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

from localdev.stack.part import Profile

# Every test of a stack is one of a stack with keys, as laptops have it by default, and of one
# without, as deployments have it.
PROFILES = (Profile.KEYS, Profile.KEYLESS)


# Tests of these files start no stack of their own, so one worker runs them all with one stack of
# each profile.
SHARING_A_STACK = (
    "tests/e2e/",
    "tests/integration/test_stack.py",
    "tests/faults/test_deadline_kept.py",
    "tests/faults/test_refused_cancel.py",
    "tests/faults/test_target_kept.py",
    "tests/faults/test_withdrawal.py",
)


# Of tests/web, whose other files share a browser and a stack with the page: one worker runs them.
WITHOUT_A_BROWSER = (
    "tests/web/test_programs.py",
    "tests/web/test_sources.py",
    "tests/web/test_types.py",
    "tests/web/test_units.py",
)
BROWSER = "browser"


# What takes longest begins first: files, and all that share a stack. A file of tests/e2e that is
# here has a stack with keys of its own, since the others would have to wait for it, or since it
# counts what is done there.
LONG = (
    "tests/faults/test_all_at_once.py",
    "tests/e2e/test_contract.py",
    "keys stack",
    "keyless stack",
    BROWSER,
    "tests/e2e/test_clients.py",
    "tests/e2e/test_estimate.py",
    "tests/e2e/test_transactions.py",
    "tests/faults/test_loop_killed.py",
    "tests/faults/test_storage_away.py",
    "tests/integration/test_emulator_wheel.py",
    "tests/integration/test_other_clients.py",
    "tests/integration/test_package_zip.py",
    "tests/integration/test_adding_an_algorithm.py",
    "tests/integration/test_heartbeats.py",
)


# The others of these folders, where a single test may take a minute, begin before the rest.
STARTING_PROCESSES = (
    "tests/faults/",
    "tests/integration/",
    "tests/generators/",
    "tests/delivery/",
    "tests/unit/algorithms/",
)


class FileScheduling(LoadScopeScheduling):  # type: ignore[misc]  # pytest-xdist is not typed
    """Gives each file to one worker, since its tests share what was started for them."""

    def schedule(self) -> None:
        """Hand out the files: after those of most tests the long ones, then the others."""
        super().schedule()
        for name in sorted(self.workqueue, key=_rank):
            self.workqueue.move_to_end(name)

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        if nodeid.startswith("tests/web/") and file not in WITHOUT_A_BROWSER:
            return BROWSER
        parameters = test.partition("[")[2].rstrip("]").split("-")
        profile = next((one for one in PROFILES if one in parameters), None)
        alone = file in LONG and profile is not Profile.KEYLESS
        if alone or not nodeid.startswith(SHARING_A_STACK):
            return file
        return f"{profile} stack" if profile else "stack"


def _rank(name: str) -> int:
    """Return the place of a file, or of those that share a stack, among the others."""
    if name in LONG:
        return LONG.index(name)
    return len(LONG) + (not name.startswith(STARTING_PROCESSES))
