"""The measures of `footnote bench`: speed, everything side by side in one run."""
