"""The lab's server, which sends the engine's records to a browser."""
