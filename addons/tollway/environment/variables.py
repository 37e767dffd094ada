"""The variables themselves."""

from collections.abc import Mapping

from tollway.environment import java
from tollway.environment.bypass import no_proxy


def variables(
    proxy_url: str, files: Mapping[str, str], java_store: str | None, present: Mapping[str, str]
) -> dict[str, str]:
    """What to set so that programs go through the proxy at `proxy_url` and trust its certificates.

    `files` is variable -> path of a PEM file (see `trusted.wanted`), `java_store` the path of a PKCS12 file
    or None to leave Java's as it is, `present` the environment so far. Both spellings of the proxy variables
    are set, to the same values: curl reads http_proxy in lower case only, others prefer either.
    """
    bypass = no_proxy(present)
    result = {"HTTPS_PROXY": proxy_url, "HTTP_PROXY": proxy_url, "NO_PROXY": bypass}
    result |= {name.lower(): value for name, value in result.items()}
    result["NODE_USE_ENV_PROXY"] = "1"  # Node 24 and later read the proxy variables only if asked to
    result |= files
    result["JAVA_TOOL_OPTIONS"] = java.options(
        present.get("JAVA_TOOL_OPTIONS", ""), proxy_url, java_store, bypass
    )
    return result
