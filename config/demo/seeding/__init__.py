"""One module for each thing the seed writes, in the order it is written."""
