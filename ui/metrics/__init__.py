"""Figures of the serving process for whoever watches over it."""
