"""Exports of a run as a file."""
