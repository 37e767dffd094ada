"""Java: it reads no proxy variable, but properties."""

from tollway.diagnosis.trust import Past


def past(told: bool) -> Past | None:
    """Why its calls go past the proxy. `told`: whether JAVA_TOOL_OPTIONS has `https.proxyHost`."""
    if told:
        return None
    return Past(
        "Java does not read HTTPS_PROXY, and JAVA_TOOL_OPTIONS has no -Dhttps.proxyHost",
        'eval "$(tollway env --proxy ...)" sets both',
        always=False,
    )
