"""Benchmarks: what Tollway costs beside mitmproxy bare and stock, measured in one run, alternating."""
