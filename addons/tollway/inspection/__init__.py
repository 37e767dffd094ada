"""What was said in a call, read from a request's or an answer's body in any dialect, without any I/O."""

from tollway.inspection.answer import Answer, read_answer
from tollway.inspection.conversation import Conversation
from tollway.inspection.printed import as_text
from tollway.inspection.request import read_request

__all__ = ["Answer", "Conversation", "as_text", "read_answer", "read_request"]
