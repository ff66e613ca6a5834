"""One archive that sets Footnote up on a machine without a network: made here, and installed there."""
