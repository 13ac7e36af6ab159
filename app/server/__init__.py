"""The process that serves the application: its sockets, protocols and settings."""
