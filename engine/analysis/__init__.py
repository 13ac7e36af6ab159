"""Analyses of why a gradient vanishes or explodes, of one trace or of many networks at once."""
