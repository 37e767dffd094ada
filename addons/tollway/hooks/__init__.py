"""The steps of a call, one mitmproxy addon per file; `tollway.chain` lists them in order."""
