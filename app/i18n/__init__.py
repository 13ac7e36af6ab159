"""Message catalogs, and the language of a request."""
