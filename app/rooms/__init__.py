"""Rooms of a class: one teacher's lab on every screen, and questions to all."""
