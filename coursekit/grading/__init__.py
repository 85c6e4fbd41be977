"""The grader: collect, run in a sandbox, check in a clean process, keep the gradebook."""
