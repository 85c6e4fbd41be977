"""Sandbox: runs a student's cells in isolation; only plain data leave it. Never sees a key."""
