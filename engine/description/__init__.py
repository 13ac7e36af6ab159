"""How the engine describes itself: to a type checker, a notebook, `help`, and in files."""
