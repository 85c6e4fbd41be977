"""The ``course`` command: ``main`` mounts the groups, ``exercises`` and ``returns`` are the instructor's."""
