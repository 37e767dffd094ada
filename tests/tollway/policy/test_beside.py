"""Files that a policy names."""

from tollway.policy.load import load

POLICY = """version: 1
identity:
  - api_keys: {file: keys.yaml}
  - proxy_jwt: {issuer: "https://a.example", audience: b, jwks: jwks.json}
  - header_jwt: {header: x, issuer: "https://a.example", audience: b, jwks: "https://a.example/jwks.json"}
credentials:
  openai: [{inject: file:run/key}, {inject: file:/run/key}, {inject: env:KEY}]
"""


def test_files_are_looked_for_from_the_policys_own_folder_on() -> None:
    policy = load(POLICY, "/etc/tollway/policy.yaml")

    keys, proxy, header = policy.identity
    assert keys.api_keys is not None
    assert keys.api_keys.file == "/etc/tollway/keys.yaml"
    assert proxy.proxy_jwt is not None
    assert proxy.proxy_jwt.jwks == "/etc/tollway/jwks.json"
    assert header.header_jwt is not None
    assert header.header_jwt.jwks == "https://a.example/jwks.json"
    assert [entry.inject for entry in policy.credentials["openai"]] == [
        "file:/etc/tollway/run/key",
        "file:/run/key",
        "env:KEY",
    ]


def test_a_policy_beside_names_its_neighbours_as_they_are() -> None:
    (keys, *_) = load(POLICY, "policy.yaml").identity

    assert keys.api_keys is not None
    assert keys.api_keys.file == "keys.yaml"
