"""JAVA_TOOL_OPTIONS."""

import shutil
import subprocess

import pytest

from tollway.environment.java import Store, options, own_store

PROXY = "http://127.0.0.1:8080"
OURS = (
    "-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=8080 -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=8080 "
    "-Djavax.net.ssl.trustStore=/data/java.p12"
)
LOOPBACK = "localhost,127.0.0.1,::1"


def test_proxy_and_trust_store() -> None:
    assert options("", PROXY, "/data/java.p12", LOOPBACK) == OURS


def test_the_users_own_options_stay_in_front_as_they_are_written() -> None:
    own = "-Xmx1g  '-Dname=two words' -Dquote=\"it's\""

    found = options(own, PROXY, "/data/java.p12", LOOPBACK)

    assert found == "-Xmx1g '-Dname=two words' -Dquote=\"it's\" " + OURS


def test_options_of_ours_are_not_added_twice() -> None:
    assert options(OURS, PROXY, "/data/java.p12", LOOPBACK) == OURS


def test_options_that_say_the_same_of_another_proxy_or_store_are_dropped() -> None:
    own = (
        "-Dhttps.proxyHost=old -Dhttps.proxyPort=1 -Djavax.net.ssl.trustStore=/own.jks "
        "-Djavax.net.ssl.trustStoreType=JKS -Djavax.net.ssl.trustStorePassword=own"
    )

    assert options(own, PROXY, "/data/java.p12", LOOPBACK) == "-Djavax.net.ssl.trustStorePassword=own " + OURS


def test_a_store_that_can_not_be_merged_is_left() -> None:
    own = "-Djavax.net.ssl.trustStore=/own.jks -Djavax.net.ssl.trustStoreType=JKS"

    assert options(own, PROXY, None, LOOPBACK).startswith(own + " -Dhttp.proxyHost=")
    assert "/data" not in options(own, PROXY, None, LOOPBACK)


def test_credentials_of_the_proxy_stay_out() -> None:
    found = options("", "http://user:" + "t0ken@proxy.example:3128", None, LOOPBACK)

    assert "-Dhttps.proxyHost=proxy.example -Dhttps.proxyPort=3128" in found
    assert "t0ken" not in found
    assert "user" not in found


def test_the_default_port_of_a_proxy_is_80() -> None:
    assert "-Dhttps.proxyPort=80" in options("", "http://proxy.example", None, LOOPBACK)


def test_java_knows_no_proxy_over_tls() -> None:
    assert options("", "https://proxy.example:3128", "/data/java.p12", LOOPBACK) == (
        "-Djavax.net.ssl.trustStore=/data/java.p12"
    )


@pytest.mark.parametrize(
    ("no_proxy", "hosts"),
    [
        (".corp.example", "corp.example|*.corp.example"),
        ("*.corp.example,10.0.0.0/8,git", "corp.example|*.corp.example|git|*.git"),
        ("*", "*"),
    ],
)
def test_no_proxy_is_said_in_javas_notation(no_proxy: str, hosts: str) -> None:
    found = options("", PROXY, None, f"{no_proxy},{LOOPBACK}")

    assert found.endswith(f" -Dhttp.nonProxyHosts=localhost|127.*|[::1]|{hosts}")


def test_non_proxy_hosts_of_the_user_stay() -> None:
    own = "-Dhttp.nonProxyHosts=git"

    assert options(own, PROXY, None, ".corp.example").count("nonProxyHosts") == 1


@pytest.mark.parametrize(
    ("own", "store"),
    [
        ("", None),
        ("-Xmx1g -Djavax.net.ssl.trustStore=", None),
        ("-Djavax.net.ssl.trustStore=/a.jks", Store("/a.jks", "changeit")),
        ("-Djavax.net.ssl.trustStore=/a.jks -Djavax.net.ssl.trustStorePassword=own", Store("/a.jks", "own")),
        ("'-Djavax.net.ssl.trustStore=/a b.jks'", Store("/a b.jks")),
        ('-Djavax.net.ssl.trustStore="/a b.jks"', Store("/a b.jks")),
        ("-Djavax.net.ssl.trustStore=/a -Djavax.net.ssl.trustStore=/b", Store("/b")),
    ],
)
def test_the_users_own_store_is_found(own: str, store: Store | None) -> None:
    assert own_store(own) == store


@pytest.mark.slow
def test_the_jvm_reads_the_options_as_they_are_meant() -> None:
    if not shutil.which("java"):
        pytest.skip("NO JAVA: it is not on PATH, its reading of JAVA_TOOL_OPTIONS is not tested")
    path = "/data of \"mine\" and 'yours'/java.p12"
    value = options("'-Dmine=two words'", PROXY, path, "a.example")

    shown = subprocess.run(
        ["java", "-XshowSettings:properties", "-version"],
        env={"JAVA_TOOL_OPTIONS": value, "PATH": "/usr/bin:/bin"}, capture_output=True, text=True,
    ).stderr.splitlines()  # fmt: skip

    assert {
        f"    javax.net.ssl.trustStore = {path}",
        "    mine = two words",
        "    https.proxyHost = 127.0.0.1",
        "    http.nonProxyHosts = localhost|127.*|[::1]|a.example|*.a.example",
    } <= set(shown)
