"""The ledger wing: claims with their verdicts (``claims``) and the map of the argument (``argument``)."""
