"""A multipart form, read by Python's own parser of mail."""

from email import message_from_bytes
from email.message import Message


def fields(body: bytes, content_type: str) -> dict[str, str | bytes]:
    """Its fields by name, files as bytes. Raises ValueError if it is no form."""
    message = message_from_bytes(b"Content-Type: " + content_type.encode("latin-1") + b"\r\n\r\n" + body)
    parts = message.get_payload()
    if not message.is_multipart() or not isinstance(parts, list):
        raise ValueError("the body is no form")
    return dict(_field(part) for part in parts if isinstance(part, Message))


def _field(part: Message) -> tuple[str, str | bytes]:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    name = str(part.get_param("name", header="content-disposition"))
    return name, content if part.get_filename() is not None else content.decode()
