"""The Models page: which models there are, which are here, and which one is to be used."""
