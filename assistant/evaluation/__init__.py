"""Measures how well questions are answered, against questions whose answers are known."""
