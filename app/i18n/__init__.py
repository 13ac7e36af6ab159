"""The languages of the page: catalogs, and which one a request is answered in."""
