"""The subject: groups of states, the claims ledger, models and explorers for NATO and its Indo-Pacific partners."""
