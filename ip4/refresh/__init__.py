"""Readers of publishers' files, one module a publication.

``coursekit.data.refresh`` fetches and opens the files, calls the reader named in a table's manifest, checks what it
returns and writes it. A reader only knows where things stand in the publisher's file. The layouts were taken from
published code that reads the same files; each module says how the columns are found, and refuses a layout that it
does not know.
"""
