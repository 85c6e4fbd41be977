"""Marks: the gradebook, marks by hand, feedback and exports to the LMS. Never runs anything of a student's."""
