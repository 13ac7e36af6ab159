"""The lab's server: it knows the engine, and hands its records to a browser."""
