"""Exercises: strict authoring, variants per student, quiz banks and their exports."""
