"""The certificates that the proxy shows for a provider's host: whose they are, and whether they hold now."""

from datetime import datetime

from msgspec import Struct

from tollway.diagnosis.finding import Finding, well, wrong

SUBJECT = "certificates"


class Presented(Struct, frozen=True, kw_only=True):
    """What a handshake for a host through the proxy showed, before anything was checked."""

    host: str
    failure: str | None = None
    """Why there was none."""
    authority: str | None = None
    """The id of the Tollway authority that issued it, as its issuer's name says."""
    issuer: str = ""
    begins: datetime | None = None
    ends: datetime | None = None


class Expected(Struct, frozen=True, kw_only=True):
    """The root that is at hand here."""

    authority: str
    """Its id."""
    others: tuple[str, ...] = ()
    """Of those beside it, while one takes another's place."""
    file: str
    chosen: bool
    """Whether --ca names it; else it is this machine's own."""

    def has(self, authority: str | None) -> bool:
        """Whether it is this one, or one of these."""
        return authority is not None and authority in (self.authority, *self.others)


def judge(presented: Presented, expected: Expected | None, local: bool, now: datetime) -> Finding:
    """Of what the proxy shows. `local`: whether it is on this machine."""
    if presented.failure is not None:
        return wrong(
            SUBJECT,
            f"no handshake for {presented.host} through the proxy: {presented.failure}",
            "the proxy's log says why",
        )
    if presented.authority is None:
        return wrong(
            SUBJECT,
            f"that for {presented.host} is issued by {presented.issuer}, not by a Tollway: calls go unseen",
            "look for another proxy on the way, and whether the host is a provider's by the proxy's policy",
        )
    if (out := _out_of_time(presented, now)) is not None:
        return out
    return _whose(presented.authority, expected, local)


def _out_of_time(presented: Presented, now: datetime) -> Finding | None:
    said = f"those of Tollway Root {presented.authority}"
    if presented.ends is not None and now >= presented.ends:
        remedy = "on the proxy's machine: tollway ca init --force, and restart the proxy"
        return wrong(SUBJECT, f"{said} ended on {presented.ends:%Y-%m-%d}", remedy)
    if presented.begins is not None and now < presented.begins:
        remedy = "set the clock, here or on the proxy's machine"
        return wrong(SUBJECT, f"{said} begin on {presented.begins:%Y-%m-%d}, which is to come", remedy)
    return None


def _whose(authority: str, expected: Expected | None, local: bool) -> Finding:
    if expected is not None and expected.has(authority):
        return well(SUBJECT, f"they go back to Tollway Root {authority}, which is {expected.file}")
    said = f"they go back to Tollway Root {authority}"
    if expected is not None and expected.chosen:
        remedy = "take ca/tollway-ca.pem of the data folder of the proxy's machine"
        return wrong(SUBJECT, f"{said}; {expected.file} is Tollway Root {expected.authority}", remedy)
    if expected is not None and local:
        return wrong(
            SUBJECT,
            f"{said}; that of this data folder is Tollway Root {expected.authority}",
            "restart the proxy (its authority may have been replaced), or set TOLLWAY_HOME as it has it",
        )
    return well(SUBJECT, f"{said}, another machine's")
