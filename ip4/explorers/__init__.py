"""One ipywidgets app a file, built on models and charts."""
