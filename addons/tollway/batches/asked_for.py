"""What a path asks for, of batches: the id of a file of results, or of the batch that they are of."""


def asked_for(api: str, path: str) -> str:
    """`/v1/files/{id}/content`, `/v1/messages/batches/{id}/results`, `/download/x/files/{id}:download`."""
    parts = path.partition("?")[0].rstrip("/").split("/")
    if api == "gemini":
        return f"files/{parts[-1].rpartition(':')[0]}"
    return parts[-2] if len(parts) > 1 else ""
