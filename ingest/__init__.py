"""From articles as they are found to clean passages in the library."""
