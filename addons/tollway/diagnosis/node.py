"""Node: which of its releases read the proxy variables, and when."""

from tollway.diagnosis.trust import Past


def reads_proxy(version: tuple[int, ...]) -> bool:
    """Whether its `fetch` reads HTTPS_PROXY where NODE_USE_ENV_PROXY is set (Node's own documentation)."""
    return version >= (24,) or (22, 21) <= version < (23,)


def past(version: tuple[int, ...], told: bool) -> Past | None:
    """Why the calls of such a Node go past the proxy. `told`: whether NODE_USE_ENV_PROXY says to read it."""
    said = ".".join(map(str, version))
    if not reads_proxy(version):
        return Past(
            f"fetch in Node {said} does not read HTTPS_PROXY: calls go past the proxy, but for programs that "
            "see to it themselves (Claude Code, Codex, Gemini CLI)",
            "update Node to 22.21, 24 or later",
            always=False,
        )
    if not told:
        return Past(
            f"fetch in Node {said} reads HTTPS_PROXY only if told to: calls go past the proxy",
            "export NODE_USE_ENV_PROXY=1",
            always=True,
        )
    return None
