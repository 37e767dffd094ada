"""Who the AI providers are: data in `providers.yaml`, and pure functions that read it."""
