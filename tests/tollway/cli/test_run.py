"""`tollway run`, as a process: what the program sees, what is said at its end, what goes wrong."""

import json
import os
import re
import signal
import subprocess
from pathlib import Path

import pytest

from tests.tollway.command import Office, caller
from tests.tollway.terminal import Terminal
from tollway.cli import run
from tollway.model import Billing, Source

pytestmark = pytest.mark.slow  # each starts a proxy

NO_CALLS = re.compile(r"tollway: no AI calls, \d+ s\n")
CHAT = ("https://api.openai.com/v1/chat/completions", json.dumps({"model": "gpt-4o", "messages": []}))
CLAUDE = (
    "https://api.anthropic.com/v1/messages",
    json.dumps({"model": "claude-sonnet-4-5", "max_tokens": 9, "messages": []}),
)
GEMINI = "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash"
STREAM = (f"{GEMINI}:streamGenerateContent?alt=sse", json.dumps({"contents": [{"parts": [{"text": "hi"}]}]}))
UNKNOWN = (
    "https://api.openai.com/v1/videos",
    json.dumps({"model": "sora-2", "prompt": "x"}),
)
THOUSAND = {"input_tokens": 1000, "output_tokens": 1000}
"""At list price: of gpt-4o $0.0025 + $0.0100, of claude-sonnet-4-5 $0.0030 + $0.0150, of gemini-2.5-flash
$0.0003 + $0.0025."""


DISTRUSTING = """
import ssl, urllib.request
for n in range(2):
    try:
        urllib.request.urlopen("https://api.openai.com/", context=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    except OSError:
        print("refused")
print("done")
"""
"""A program that trusts nobody, and tries twice."""


@pytest.mark.parametrize(
    ("script", "status"), [("exit 0", 0), ("exit 3", 3), ("kill -9 $$", 137), ("kill -INT $$", 130)]
)
def test_the_status_is_the_commands(office: Office, script: str, status: int) -> None:
    """And the one line of ours is on standard error alone."""
    done = office.run("run", "--", "sh", "-c", script)

    assert (done.returncode, done.stdout) == (status, "")
    assert NO_CALLS.fullmatch(done.stderr)


@pytest.mark.parametrize(
    ("command", "status", "said"),
    [("no-such-command", 127, "no-such-command: no such command"), ("/", 126, "/: Permission denied")],
)
def test_what_can_not_be_run_is_said(office: Office, command: str, status: int, said: str) -> None:
    """With the status that shells give."""
    done = office.run("run", command)

    assert (done.returncode, done.stdout, done.stderr) == (status, "", f"tollway: {said}\n")


def test_bytes_pass_through_untouched(office: Office) -> None:
    """Standard input and output, and arguments that look like options of ours."""
    data = os.urandom(1 << 20)

    done = office.run("run", "sh", "-c", 'cat; echo "$@"', "sh", "--tag", "--help", input=data, text=False)

    assert done.stdout == data + b"--tag --help\n"  # type: ignore[comparison-overlap]


def test_the_line_says_what_it_cost_by_which_models(office: Office) -> None:
    """And the ledger has the calls, with the run's tags."""
    assert office.sim is not None
    office.sim.default(usage=THOUSAND)

    done = office.run("run", "--tag", "project=apollo", "--tag", "env=ci", "--", *caller(CHAT, CLAUDE, CHAT))

    assert done.stdout == "200\n200\n200\n"
    assert re.fullmatch(
        r"tollway: \$0\.0430 for 3 calls \(gpt-4o \$0\.0250, claude-sonnet-4-5 \$0\.0180\), \d+ s\n",
        done.stderr,
    )
    calls = office.calls()
    assert [call.model for call in calls] == ["gpt-4o", "claude-sonnet-4-5", "gpt-4o"]
    assert [call.tags for call in calls] == [{"project": "apollo", "env": "ci"}] * 3


def test_what_costs_nothing_or_nobody_knows_is_said(office: Office) -> None:
    """An error, a subscription's call, a path that no dialect reads."""
    assert office.sim is not None
    office.sim.default(usage=THOUSAND)
    office.sim.on("api.openai.com", "/v1/chat/*", status=429)
    office.sim.on("api.openai.com", "/v1/videos", status=201, body="{}")
    token = "Bearer " + "-".join(["sk", "ant", "oat01", "made", "up"])
    subscribed = (*CLAUDE, f"authorization:{token}", "anthropic-beta:oauth-2025-04-20")

    done = office.run("run", "--", *caller(CHAT, subscribed, UNKNOWN))

    assert re.fullmatch(
        r"tollway: \$0 for 3 calls \(claude-sonnet-4-5 \$0\.0180\);"
        r" \$0\.0180 more at list price, covered by a subscription; 1 of unknown price; 1 failed, \d+ s\n",
        done.stderr,
    )
    assert [call.billing for call in office.calls()] == [
        Billing.METERED,
        Billing.NOTIONAL,
        Billing.METERED,
    ]


def test_a_stream_that_the_program_left_is_waited_for(office: Office) -> None:
    """Gemini goes on, and bills: what it reports at its end is in the line."""
    assert office.sim is not None
    office.sim.default(usage=THOUSAND, events=30, interval=0.02)

    done = office.run("run", "--", *caller((*STREAM, "leave:")))

    (call,) = office.calls()
    assert (call.error, call.usage.output_tokens, call.cost.source) == ("abandoned", 1000, Source.COMPUTED)
    assert done.stderr.startswith("tollway: $0.0028 for 1 call (gemini-2.5-flash $0.0028), ")


def test_ctrl_c_ends_the_wait_for_what_the_program_left(office: Office) -> None:
    """It is said what is waited for; the call is charged at its estimate then."""
    assert office.sim is not None
    office.sim.default(events=10_000, interval=0.02)

    with Terminal(
        office.words("run", *caller((*STREAM, "leave:"))), office.variables, columns=300
    ) as terminal:
        terminal.wait_for("waiting for 1 call that the program left; Ctrl-C to wait no longer")
        terminal.press("\x03")
        terminal.wait_for("for 1 call (gemini-2.5-flash")
        assert terminal.wait() == 0

    (call,) = office.calls()
    assert (call.state, call.cost.source) == ("done", Source.ESTIMATED)


def test_the_variables_are_those_of_env_and_lead_to_this_proxy(office: Office) -> None:
    """A free port each time, and the files are there."""
    code = "import json, os; print(json.dumps(dict(os.environ)))"
    done = office.run("run", "python3", "-c", code)

    seen = json.loads(done.stdout)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", seen["HTTPS_PROXY"])
    assert seen["https_proxy"] == seen["HTTP_PROXY"] == seen["http_proxy"] == seen["HTTPS_PROXY"]
    assert seen["NODE_USE_ENV_PROXY"] == "1"
    for name in ("SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        assert Path(seen[name]).is_file()
    assert seen["HOME"] == office.variables["HOME"]


def test_without_a_command_the_users_shell_runs(office: Office) -> None:
    """With the proxy's variables: what is typed there is metered."""
    shell = Office(office.home, office.sim, {"SHELL": "/bin/sh", "PS1": "> ", "ENV": ""})

    with Terminal(shell.words("run"), shell.variables, columns=200) as terminal:
        terminal.wait_for("> ")
        terminal.press("echo at ${HTTPS_PROXY%:*}; exit 4\n")
        terminal.wait_for("\r\nat http://127.0.0.1")
        terminal.wait_for("tollway: no AI calls")

        assert terminal.wait() == 4


def test_ctrl_c_is_the_programs_and_the_line_still_comes(office: Office) -> None:
    """The program decides what it means; ours is the line after it."""
    command = office.words("run", "sh", "-c", "trap 'echo got; exit 7' INT; echo ready; read line")

    with Terminal(command, office.variables) as terminal:
        terminal.wait_for("ready")
        terminal.press("\x03")
        terminal.wait_for("got\r\n")
        terminal.wait_for("tollway: no AI calls, ")
        assert terminal.wait() == 7


def test_a_program_that_ctrl_c_killed_takes_us_along(office: Office) -> None:
    """A shell's loop ends with SIGINT; a status of 130 would let it go on."""
    with Terminal(office.words("run", "sh", "-c", "echo ready; exec sleep 60"), office.variables) as terminal:
        terminal.wait_for("ready")
        terminal.press("\x03")
        terminal.wait_for("tollway: no AI calls, ")

        assert terminal.wait() == -signal.SIGINT


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_managers_signals_are_passed_on(office: Office, number: signal.Signals) -> None:
    """And the line still comes."""
    name = number.name.removeprefix("SIG")
    script = f"trap 'echo got; exit 5' {name}; echo ready; while :; do sleep 0.01; done"

    with office.start("run", "sh", "-c", script) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        out, err = process.communicate(timeout=120)

    assert (out, process.returncode) == ("got\n", 5)
    assert NO_CALLS.fullmatch(err)


def test_a_terminal_that_is_gone_changes_nothing(office: Office) -> None:
    """The line has nowhere to go; the status is the program's all the same."""
    read, write = os.pipe()
    with subprocess.Popen(
        office.words("run", "sh", "-c", "read line; exit 6"),
        stdin=subprocess.PIPE, stderr=write, env=office.variables,
    ) as process:  # fmt: skip
        os.close(write)
        os.close(read)
        process.communicate(b"\n", timeout=120)

    assert process.returncode == 6


def test_warnings_wait_until_the_program_is_done_with_the_screen(office: Office) -> None:
    """Whatever goes wrong meanwhile is said after it, each thing once."""
    command = office.words("run", "python3", "-c", DISTRUSTING)

    with Terminal(command, office.variables, columns=400) as terminal:
        before = terminal.wait_for("done\r\n")
        after = terminal.wait_for("tollway: no AI calls, ")

    assert before == "refused\r\nrefused\r\ndone\r\n"
    assert after.count("does not trust the proxy's certificate for api.openai.com") == 1
    assert "(2 times)" in after


def test_a_node_that_reads_no_variables_is_told(office: Office, tmp_path: Path) -> None:
    """Its calls go past any proxy; the line comes after that."""
    node = tmp_path / "node"
    node.write_text('#!/bin/sh\n[ "$1" = --version ] && echo v20.20.2\nexit 0\n')
    node.chmod(0o755)

    done = office.run("run", str(node), "app.js")

    why, line = done.stderr.splitlines()
    assert "fetch in Node 20.20.2 does not read HTTPS_PROXY" in why
    assert NO_CALLS.fullmatch(f"{line}\n")


@pytest.mark.parametrize(
    ("words", "variables", "status", "said"),
    [
        ((), {"HTTPS_PROXY": "http://jwt:secret"}, 1, "HTTPS_PROXY: it is not http://HOST:PORT"),
        ((), {"https_proxy": "socks5://me:secret@corp:1"}, 1, "HTTPS_PROXY: it is no http:// or https://"),
        (
            (),
            {"TOLLWAY_HOME": "/dev/null/x"},
            1,
            "/dev/null/x/ca/authority.pem: Not a directory",
        ),
        (("--set", "ignore_hosts=."), {}, 1, "--set ignore_hosts=.: refused, calls would pass unseen"),
        (("--set", "mode=regular"), {}, 1, "--set mode=regular: refused, use --mode"),
        (("--set", "nope=1"), {}, 1, "--set nope=1: Unknown option(s): nope"),
        (("--set", "tcp_timeout=long"), {}, 1, "not an integer: long"),
        (("--ledger", "postgres:x"), {}, 1, "write it as sqlite:"),
        (("--tag", "Team=x"), {}, 2, "'Team=x' is not a tag: KEY=VALUE"),
        (tuple(f"--tag=t{n}=x" for n in range(9)), {}, 2, "a call has 8 tags at most"),
        (("--connect-to", "a:b"), {}, 2, "'a:b' is not HOST:PORT:ADDR:PORT"),
        (("--policy", "/no/such.yaml"), {}, 2, "/no/such.yaml: can't be read: No such file"),
        (("--nope",), {}, 2, "No such option"),
    ],
    ids=lambda value: " ".join(map(str, value))[:30] if isinstance(value, tuple | dict) else "",
)
def test_what_is_wrong_is_said_in_a_sentence(
    office: Office, words: tuple[str, ...], variables: dict[str, str], status: int, said: str
) -> None:
    """No program starts then, and there is no traceback."""
    done = Office(office.home, office.sim, variables).run("run", *words, "--", "echo", "started")

    assert (done.returncode, done.stdout) == (status, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


def test_a_wrong_policy_has_its_line_and_column(office: Office, tmp_path: Path) -> None:
    """Where editors find it; exit status 2."""
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\nfaults:\n  abandoned: maybe\n")

    done = office.run("run", "--policy", str(policy), "--", "echo", "started")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{policy}:3:14: faults.abandoned: ")


def test_a_broken_authority_is_named_with_what_to_do(office: Office) -> None:
    """Rather than replaced: clients trust the old one."""
    key = office.home / "ca" / "authority.pem"
    key.write_text("not a key")

    done = office.run("run", "--", "echo", "started")

    assert (done.returncode, done.stdout) == (1, "")
    assert str(key) in done.stderr
    assert "tollway ca init --force" in done.stderr


def test_a_removed_authority_is_made_anew(office: Office) -> None:
    """With its files, so that the program's calls work."""
    for path in (office.home / "ca").iterdir():
        path.unlink()

    done = office.run("run", "--", *caller(CHAT))

    assert done.stdout == "200\n"


def test_a_key_is_in_nothing_that_is_written(office: Office) -> None:
    """Neither in the ledger, nor in what is said, whatever goes wrong."""
    key = "sk-" + "made-up-" * 4
    assert office.sim is not None
    office.sim.on("api.openai.com", "/v1/chat/*", times=1, raw="nonsense")

    done = office.run("run", "--", *caller((*CHAT, f"authorization:Bearer {key}"), (*CHAT, f"api-key:{key}")))

    written = b"".join(path.read_bytes() for path in office.home.rglob("*") if path.is_file())
    assert key.encode() not in written
    assert key not in done.stderr


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0.2, "0 s"),
        (12.4, "12 s"),
        (99.4, "99 s"),
        (100, "1 min 40 s"),
        (3725, "62 min 5 s"),
        (7500, "2 h 5 min"),
    ],
)
def test_a_duration_is_for_people(seconds: float, said: str) -> None:
    """Two units at most."""
    assert run.duration(seconds) == said


def test_a_program_that_shows_nobody_where_the_policy_asks_who_calls_is_told(
    office: Office, tmp_path: Path
) -> None:
    """Its calls were refused, which leaves no row; nothing is said of one that was known."""
    policy = tmp_path / "policy.yaml"
    policy.write_text("version: 1\nidentity: [{networks: {10.0.0.0/8: {user: ann}}}]\n")
    refused = office.run("run", "--policy", str(policy), "--", *caller(CHAT))
    policy.write_text("version: 1\nidentity: [{networks: {127.0.0.0/8: {user: ann}}}]\n")
    known = office.run("run", "--policy", str(policy), "--", *caller(CHAT))

    assert "the policy asks who calls (identity)" in refused.stderr
    assert "identity" not in known.stderr
    assert [row.user for row in office.calls()] == ["ann"]
