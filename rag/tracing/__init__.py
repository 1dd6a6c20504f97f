"""What a question does, step by step (`steps`), told to LangSmith-style tracing or OpenTelemetry; off by default."""
