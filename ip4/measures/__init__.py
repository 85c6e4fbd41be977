"""What the course counts with: one module a theme, each number of the book a named, documented, tested function."""
