"""The machinery of a course: tables, charts, the book, exercises and grading.

Nothing in this package knows what the course is about.
"""
