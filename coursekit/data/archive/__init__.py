"""One archive of the tables for whoever keeps data: CSV, Parquet, SQLite, a data package, a codebook, a report."""
