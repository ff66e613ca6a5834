"""The Users page, and what adding and removing a person brings with it."""
