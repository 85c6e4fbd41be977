"""Timings, printed as a table: ``make bench``. Ratios within one run say more than seconds on a noisy machine."""
