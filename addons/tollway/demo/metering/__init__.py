"""The tour of metering: who calls what, and what it costs."""
