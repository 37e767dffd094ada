"""An answer after which the client's connection ends."""

from mitmproxy.http import Response


class LastAnswer(Response):
    """Has HTTP/1 close the connection, by its header; HTTP/2 closes it once its other streams have ended.

    A GOAWAY while they run would be right, too (RFC 9113, section 6.8), but httpx then breaks them all off.
    """

    @classmethod
    def of(cls, response: Response) -> "LastAnswer":
        """A response, made the last one."""
        response.headers["connection"] = "close"
        return cls(**vars(response.data))

    @classmethod
    def mark(cls, response: Response) -> None:
        """Make this very response the last one: who streams it has it already."""
        response.headers["connection"] = "close"
        response.__class__ = cls
