"""Shared parts of the routes: files, bodies, threads, sockets, QR codes."""
