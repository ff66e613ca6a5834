"""From a question to the evidence: parts, dates, order, and whether it suffices."""
