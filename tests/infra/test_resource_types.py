"""What is given to a resource is held against its type, wherever the value comes from."""

from __future__ import annotations

import pytest

from tests.infra.conftest import Write
from tests.infra.rules.all import findings

pytestmark = pytest.mark.usefixtures("types")

_ACCOUNT = """
resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  name: 'account'
  location: 'eastus'
  kind: 'StorageV2'
  sku: { name: 'Standard_LRS' }
  properties: { minimumTlsVersion: 'TLS1_2' }
}
"""


def test_a_correct_resource_has_no_finding(write: Write) -> None:
    """The account that the other tests spoil is well."""
    assert findings("resources", write(_ACCOUNT)) == []


@pytest.mark.parametrize(
    ("right", "wrong", "finding"),
    [
        ("minimumTlsVersion:", "minTlsVersion:", "7: there is no property minTlsVersion"),
        ("'TLS1_2'", "'tls1_2'", "'tls1_2' is not a known value: write TLS1_2"),
        ("'TLS1_2'", "12", "7: is of kind int, not string: give it a string"),
        ("'StorageV2'", "'V2'", "'V2' is not a known value"),
        ("location: 'eastus'", "", "2: the property location is missing: it is required"),
        ("'account'", "'no'", "'no' has 2 characters: it takes 3 to 24"),
        ("'account'", "'An-Account'", "does not match the pattern"),
        ("sku:", "id: 'x'\n  sku:", "id is read-only: leave it out"),
        ("@2025-06-01", "@2024-06-01", "is unknown: the data has Microsoft.Storage/storage"),
        ("storageAccounts@", "storageAccount@", "is unknown: the data has no such type"),
        ("sku: { name: 'Standard_LRS' }", "sku: 'Standard_LRS'", "is of kind string, not object"),
    ],
)
def test_a_mistake_is_found(write: Write, right: str, wrong: str, finding: str) -> None:
    """Each kind of mistake is one finding, with what to do."""
    assert right in _ACCOUNT

    (found,) = findings("resources", write(_ACCOUNT.replace(right, wrong, 1)))

    assert finding in found


@pytest.mark.parametrize(
    "value",
    [
        "wrong",
        "length(wrong) > 2 ? wrong : 'TLS1_2'",
        "wrongs[0]",
        "wrongs[?1] ?? wrong",
        "settings.tls",
        "union({ tls: 'TLS1_2' }, settings).tls",
        "first.value.tls",
        "byName['it'].tls",
    ],
)
def test_a_mistake_is_found_through_what_computes_it(write: Write, value: str) -> None:
    """The finding is at the value itself, not where it is used."""
    main = f"""
        var wrong = 'TLS'
        var wrongs = [wrong]
        var settings = {{ tls: wrong }}
        var pairs = items({{ it: settings }})
        var first = pairs[0]
        var kept = filter(pairs, pair => contains(pair.value, 'tls'))
        var byName = toObject(kept, pair => pair.key, pair => pair.value)
        {_ACCOUNT.replace("'TLS1_2'", value)}
    """

    (found,) = findings("resources", write(main))

    assert found.startswith("infra/app/main.bicep:2: 'TLS' is not a known value")


def test_a_mistake_is_found_in_what_is_given_to_a_module(write: Write) -> None:
    """A module is checked with the arguments of each of its uses."""
    main = """
        targetScope = 'subscription'
        module each 'account.bicep' = [for version in ['TLS1_2', 'TLS9']: {
          params: { version: version }
        }]
    """
    account = "param version string\n" + _ACCOUNT.replace("'TLS1_2'", "version")

    (found,) = findings("resources", write(main, account=account))

    assert found.startswith("infra/app/main.bicep:3: 'TLS9' is not a known value")


def test_a_mistake_is_found_in_loaded_json(write: Write) -> None:
    """What a file says is checked like what the template says."""
    main = "var loaded = loadJsonContent('account.json')" + _ACCOUNT.replace(
        "{ minimumTlsVersion: 'TLS1_2' }", "loaded.properties"
    )

    (found,) = findings("resources", write(main, account__json='{"properties": {"tls": 1}}'))

    assert "there is no property tls" in found


def test_what_only_the_deployment_knows_is_believed(write: Write) -> None:
    """A parameter without a default may be right; of the wrong type it cannot."""
    main = "param version {}\n" + _ACCOUNT.replace("'TLS1_2'", "version")

    assert findings("resources", write(main.replace("{}", "string", 1))) == []
    (found,) = findings("resources", write(main.replace("{}", "bool", 1)))
    assert "is of kind bool, not string" in found


@pytest.mark.parametrize(
    ("declared", "name", "finding"),
    [
        ("param token string", "'st${token}'", "can be 2 characters, the least is 3"),
        ("@minLength(1)\nparam token string", "'st${token}'", ""),
        ("param token string", "token", ""),
        ("@minLength(2)\nparam token string", "toLower(token)", "can be 2 characters"),
        ("@minLength(3)\n@maxLength(25)\nparam token string", "token", "can be 25 characters"),
        ("@maxLength(22)\nparam token string", "'st${take(token, 9)}x'", ""),
        ("param token string", "'stx${take(token, 30)}'", "can be 33 characters, the most is 24"),
        ("@allowed(['', 'a'])\nparam token string", "'stx${token}'", ""),
        ("param token string", "'s${empty(token) ? token : uniqueString('a')}'", "can be 1"),
        ("param token string", "'st${uniqueString(token)}${token}'", ""),
    ],
)
def test_the_length_of_a_name_is_what_is_promised_of_its_parts(
    write: Write, declared: str, name: str, finding: str
) -> None:
    """A parameter can be as short and as long as its decorators say; one without is believed."""
    account = _ACCOUNT.replace("name: 'account'", f"name: {name}")

    found = findings("resources", write(f"{declared}\n{account}"))

    assert len(found) == bool(finding), found
    assert all(finding in each for each in found)


def test_the_id_of_what_is_not_always_there_is_no_null(write: Write) -> None:
    """It is put together from names; another conditional value is null where one is required."""
    main = """
        param on bool
        resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = if (on) {
          name: 'identity'
          location: {}
        }
        resource grant 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (on) {
          name: guid('it')
          properties: { principalId: 'x', roleDefinitionId: identity.id }
        }
    """

    assert findings("resources", write(main.replace("{}", "'global'", 1))) == []
    (found,) = findings("resources", write(main.replace("{}", "on ? 'global' : null", 1)))
    assert "location can be null: it is required, give it a value" in found


def test_the_variant_decides_what_an_object_takes(write: Write) -> None:
    """Settings of an app are free; those of its authentication are not."""
    site = "resource site 'Microsoft.Web/sites@2025-03-01' existing = { name: 'site' }\n"
    config = """
        resource config 'Microsoft.Web/sites/config@2025-03-01' = {
          parent: site
          name: 'authsettingsV2'
          properties: { ANYTHING: 'x' }
        }
    """

    assert (
        findings("resources", write(site + config.replace("authsettingsV2", "appsettings"))) == []
    )
    (found,) = findings("resources", write(site + config))
    assert "there is no property ANYTHING" in found
    (found,) = findings("resources", write(site + config.replace("authsettingsV2", "auth")))
    assert "'auth' is not a known value" in found
