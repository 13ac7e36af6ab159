"""The addresses that the server answers: HTTP, WebSockets and pages."""
