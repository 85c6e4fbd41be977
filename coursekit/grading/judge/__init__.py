"""Judge: compares plain answers with the key in a clean process that never saw student code."""
