"""Which file of trusted certificates each variable is to name: what it trusted before, and our root."""

from collections.abc import Mapping

from tollway.ca.recipe import Recipe

REPLACING: Mapping[str, tuple[str, ...]] = {
    "SSL_CERT_FILE": (),  # OpenSSL and with it Python, Ruby, PHP; Go and .NET on Linux; rustls-native-certs
    "CURL_CA_BUNDLE": ("SSL_CERT_FILE",),
    "REQUESTS_CA_BUNDLE": ("CURL_CA_BUNDLE",),
    "AWS_CA_BUNDLE": ("REQUESTS_CA_BUNDLE",),
    "GIT_SSL_CAINFO": (),
    "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": (),  # gRPC clients of Google's APIs
    "HTTPLIB2_CA_CERTS": (),  # google-api-python-client
}
"""Variables whose file replaces a tool's own roots -> the variables that it reads where that one is unset.

Those are shadowed by ours, so that the user's own file is looked for along the same way.
"""

ADDING = ("NODE_EXTRA_CA_CERTS", "DENO_CERT")
"""Variables whose file is added to roots that the runtime has built in: our root alone will do."""

OVERRIDING = (
    "CODEX_CA_CERTIFICATE",  # Codex prefers it to SSL_CERT_FILE
    "NIX_SSL_CERT_FILE",  # so does the OpenSSL of Nix
    "CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE",  # gcloud: to REQUESTS_CA_BUNDLE
    "JULIA_SSL_CA_ROOTS_PATH",
    "PERL_LWP_SSL_CA_FILE",
)
"""Variables that beat those above where the user has set them, and are not needed otherwise.

PIP_CERT, CARGO_HTTP_CAINFO, UV_* and the like are left alone: their tools talk to no provider, so that their
connections are tunnelled and see the certificates that they always saw.
"""

_SYSTEM_FOLDERS = frozenset({"/etc/ssl/certs", "/etc/pki/tls/certs", "/usr/lib/ssl/certs"})


def wanted(
    present: Mapping[str, str], settings: Mapping[str, Recipe], origins: Mapping[str, Recipe]
) -> dict[str, Recipe]:
    """Variable -> what its file is made of.

    `present` is the environment so far; `settings` is what tools' own settings name for a variable that is
    unset; `origins` says of paths that are files of ours what they were made of, so that a Tollway within a
    Tollway's environment gives the same files again.
    """
    own = {
        name: origins.get(value, Recipe(False, (value,)))
        for name, value in present.items()
        if name in _ALL and value.strip()
    }
    result = {name: own[name] for name in OVERRIDING if name in own}
    result |= {name: own.get(name, Recipe(False)) for name in ADDING}
    for name, others in REPLACING.items():
        sources = [own.get(name), settings.get(name), *(own.get(other) for other in others)]
        result[name] = next((recipe for recipe in sources if recipe), Recipe(True))
    if result["CURL_CA_BUNDLE"] == Recipe(True) and (folders := _folders(present.get("SSL_CERT_DIR", ""))):
        result["CURL_CA_BUNDLE"] = Recipe(True, folders)
    return result


def _folders(path: str) -> tuple[str, ...]:
    """The user's own folders of roots. OpenSSL adds them to SSL_CERT_FILE, curl not to a CURL_CA_BUNDLE."""
    return tuple(f for f in path.split(":") if f.strip() and f.rstrip("/") not in _SYSTEM_FOLDERS)


_ALL = frozenset({*REPLACING, *ADDING, *OVERRIDING})
