"""What the routes share: files, bodies, threads, sockets, codes."""
