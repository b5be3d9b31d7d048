"""The corrections of Azurite, in its own classes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from azure_quantum_emulator.supervision.azurite import FIXES, command
from azure_quantum_emulator.supervision.azurite_program import VERSION, find_azurite

LOADED = """
process.argv[1] = %s; // as if Azurite had been started
require(%s);
const load = require("node:module").createRequire(require("node:fs").realpathSync(process.argv[1]));
const Loki = load("lokijs");
"""
FIND = """
let compared = 0;
const equal = Loki.LokiOps.$eq;
Loki.LokiOps.$eq = (one, other) => { compared += 1; return equal(one, other); };
const indices = ["accountName", "containerName", "name", "snapshot"];
const blobs = new Loki("blobs").addCollection("blobs", { indices });
for (let job = 0; job < 3000; job++) {
  for (const name of ["inputData", "outputData"]) {
    blobs.insert({ accountName: "a", containerName: `job-${job}`, name, snapshot: "" });
  }
}
const wanted = { name: "inputData", accountName: "a", containerName: "job-7", snapshot: "" };
const { containerName, name } = blobs.findOne(wanted);
const missing = ["name", "containerName"].map((key) => blobs.findOne({ ...wanted, [key]: "none" }));
const others = [blobs.findOne({ name: { $gt: "inputData" } }).name, blobs.findOne().accountName];
console.log(JSON.stringify({ compared, containerName, name, missing, others }));
"""
SWEEP = """
const Metadata = load("./common/persistence/LokiExtentMetadataStore").default;
const Memory = load("./common/persistence/MemoryExtentStore");
const logger = { info() {}, debug() {} };
(async () => {
  const metadata = new Metadata("extents", true);
  await metadata.init();
  const store = new Memory.default("blob", new Memory.MemoryExtentChunkStore(), metadata, logger);
  const ids = [];
  for (let i = 0; i < 200; i++) ids.push((await store.appendExtent(Buffer.from("content"))).id);
  let turns = 0;
  const timer = setInterval(() => {}, 1000);
  const count = () => { turns += 1; waiting = setImmediate(count); };
  let waiting = setImmediate(count);
  await store.deleteExtents(new Set(ids.slice(0, 100)));
  clearImmediate(waiting);
  clearInterval(timer);
  const collection = metadata.db.getCollection(metadata.EXTENTS_COLLECTION);
  const left = collection.data.map((extent) => extent.id);
  const right = JSON.stringify(left) === JSON.stringify(ids.slice(100));
  console.log(JSON.stringify({ turns, right }));
})();
"""


def corrected(script: str) -> dict[str, object]:
    """Return what a script prints that runs in Azurite's place."""
    begin = LOADED % (json.dumps(str(find_azurite())), json.dumps(str(FIXES)))
    line = ["node", "--eval", begin + script]
    done = subprocess.run(line, capture_output=True, text=True, check=True)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_a_blob_is_found_without_looking_at_its_namesakes() -> None:
    """However many containers have a blob of its name, and however many blobs its account has."""
    found = corrected(FIND)
    assert (found["containerName"], found["name"]) == ("job-7", "inputData")
    assert found["missing"] == [None, None]
    assert found["others"] == ["outputData", "a"]
    compared = found["compared"]
    assert isinstance(compared, int)
    assert compared < 20


def test_requests_are_let_in_while_contents_are_deleted() -> None:
    """A turn of the event loop comes after each content; those that stay are the right ones."""
    found = corrected(SWEEP)
    assert found["right"] is True
    turns = found["turns"]
    assert isinstance(turns, int)
    assert turns >= 99


def test_an_azurite_that_cannot_be_corrected_does_not_start(tmp_path: Path) -> None:
    """One of another structure would lose contents, so it says which version to take."""
    program = tmp_path / "azurite.js"
    program.write_text("console.log('started');", encoding="utf-8")
    line = command((0, 0, 0), None, program=program)
    at = line.index(str(program))
    done = subprocess.run(
        [*line[:at], "node", *line[at:]], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "started" not in done.stdout
    assert "loses contents" in done.stderr
    assert VERSION in done.stderr


@pytest.mark.parametrize("inherited", ["", "--no-warnings"])
def test_options_of_node_are_added_to(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, inherited: str
) -> None:
    """Those of the environment stay, and a path may have any character."""
    fixes = tmp_path / 'a "quoted" \\ path' / FIXES.name
    fixes.parent.mkdir()
    fixes.write_text("console.log(process.env.NODE_OPTIONS);", encoding="utf-8")
    monkeypatch.setattr("azure_quantum_emulator.supervision.azurite.FIXES", fixes)
    monkeypatch.setenv("NODE_OPTIONS", inherited)
    program = tmp_path / "azurite"
    program.write_text("#!/usr/bin/env node\n", encoding="utf-8")
    program.chmod(0o755)
    line = command((0, 0, 0), None, program=program)
    done = subprocess.run(line, capture_output=True, text=True, check=True, env=os.environ)
    assert done.stdout.startswith(inherited)
    assert "--require" in done.stdout


def test_the_manual_says_how_to_start_an_azurite_with_them() -> None:
    """Its command prints where they are."""
    manual = (Path(__file__).parents[3] / "docs" / "manual.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"\$\(python -c '(.*FIXES.*)'\)", manual)
    line = [sys.executable, "-c", program]
    printed = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    assert Path(printed.strip()) == FIXES


def test_other_programs_are_left_alone() -> None:
    """Options of Node.js may reach a package manager's wrapper first."""
    environment = os.environ | {"NODE_OPTIONS": f'--require "{FIXES}"'}
    line = ["node", "--eval", "console.log(1)"]
    done = subprocess.run(line, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stdout.strip()) == (0, "1"), sys.version
