"""The record of who asked what and what changed."""
