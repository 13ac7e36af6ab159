"""Networks of several layers, and of both directions: ``trace.deep_trace`` runs one."""
