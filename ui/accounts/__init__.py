"""Who may do what: accounts, logging in, and the one place that checks every request."""
