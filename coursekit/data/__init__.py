"""The evidence wing: publisher → staged edition → check → the course's ``data`` folder."""
