"""The variables themselves."""

from tollway.environment.variables import variables

PROXY = "http://127.0.0.1:8080"


def test_every_variable_that_the_common_runtimes_read() -> None:
    found = variables(PROXY, {"SSL_CERT_FILE": "/b.pem", "NODE_EXTRA_CA_CERTS": "/c.pem"}, "/j.p12", {})

    assert list(found) == [
        "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "no_proxy",
        "NODE_USE_ENV_PROXY", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "JAVA_TOOL_OPTIONS",
    ]  # fmt: skip
    assert found["SSL_CERT_FILE"] == "/b.pem"
    assert found["NODE_USE_ENV_PROXY"] == "1"
    assert "trustStore=/j.p12" in found["JAVA_TOOL_OPTIONS"]


def test_both_spellings_say_the_same() -> None:
    present = {"NO_PROXY": "a.example", "no_proxy": "b.example", "https_proxy": "http://old:1"}
    found = variables(PROXY, {}, None, present)

    for name in ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"):
        assert found[name] == found[name.lower()]
    assert found["https_proxy"] == PROXY
    assert found["NO_PROXY"] == "b.example,a.example,localhost,127.0.0.1,::1"


def test_own_java_options_are_kept_and_no_proxy_reaches_java() -> None:
    present = {"JAVA_TOOL_OPTIONS": "-Xmx1g", "NO_PROXY": "git.example"}
    found = variables(PROXY, {}, None, present)

    assert found["JAVA_TOOL_OPTIONS"].startswith("-Xmx1g -Dhttp.proxyHost=127.0.0.1 ")
    assert "git.example" in found["JAVA_TOOL_OPTIONS"]
