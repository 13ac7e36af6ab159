"""The server process: sockets, protocols and settings."""
