"""The tours of `tollway demo`: a stage with a proxy and a simulator, programs that call, a guide."""
