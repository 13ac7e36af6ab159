"""Export of a run as code: a script and a notebook of the same cells."""
