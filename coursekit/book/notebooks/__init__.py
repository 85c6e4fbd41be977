"""Chapters as notebooks that any program shows well, each with a zip that runs on a bare machine.

``page`` knows what a page's text refers to; ``markdown`` turns roles and links, ``blocks`` directives into plain
Markdown; ``clean`` makes the notebook; ``pack`` puts it into a zip with its tables and the reader's wheel.
"""
