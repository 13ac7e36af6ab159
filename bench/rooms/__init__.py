"""A class in one room, whose students are clients in this process, on the server's processors."""
