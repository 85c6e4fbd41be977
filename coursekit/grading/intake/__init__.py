"""Intake: from what the LMS delivers to one rebuilt notebook a student. Never sees a key, never runs student code."""
