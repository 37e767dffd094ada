"""LiteLLM's proxy: installed into .tools, led to the simulator, without a database, quiet as the others."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from tests.bench import calls
from tests.bench.processes import ROOT

# Pinned, so that figures compare; releases 1.82.7 and 1.82.8 were backdoored, so none is taken unseen.
REQUIREMENT = "litellm[proxy]==1.106.2"
HOME = ROOT / ".tools" / "litellm"
QUIET = {
    "version": 1,
    "disable_existing_loggers": False,
    "loggers": {"uvicorn": {"level": "ERROR"}, "uvicorn.access": {"level": "ERROR"}},
}


def install() -> None:
    """A venv of its own, unless it is there. Raises CalledProcessError; the next run tries again then."""
    marker = HOME / "installed"
    if marker.exists() and marker.read_text() == REQUIREMENT:
        return
    print(f"installing {REQUIREMENT} into {HOME}; this takes minutes", flush=True)
    shutil.rmtree(HOME, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", HOME], check=True)
    pip = [str(HOME / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--no-input", REQUIREMENT], check=True)
    marker.write_text(REQUIREMENT)


def command(folder: Path, port: int, simulator: int) -> list[str]:
    """How it is started: one worker, models that lead to the simulator's port without TLS."""
    config, quiet = folder / "config.json", folder / "logging.json"
    config.write_text(json.dumps({"model_list": _models(simulator)}))
    quiet.write_text(json.dumps(QUIET))
    options = ["--host", "127.0.0.1", "--port", str(port), "--num_workers", "1", "--log_config", str(quiet)]
    return [str(HOME / "bin" / "litellm"), "--config", str(config), *options]


def environment(folder: Path) -> dict[str, str]:
    """What it needs: a key, its own copy of the prices, and no home but the folder."""
    return {
        "HOME": str(folder),
        "PYTHONPATH": "",
        "LITELLM_MASTER_KEY": calls.KEY,
        "LITELLM_MODE": "PRODUCTION",
        "LITELLM_LOG": "ERROR",
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    }


def _models(simulator: int) -> list[dict[str, object]]:
    base = f"http://127.0.0.1:{simulator}"
    return [_model("openai/gpt-4o", f"{base}/v1"), _model("anthropic/claude-sonnet-4-5", base)]


def _model(name: str, base: str) -> dict[str, object]:
    led = {"model": name, "api_base": base, "api_key": "made-up"}
    return {"model_name": name.partition("/")[2], "litellm_params": led}
