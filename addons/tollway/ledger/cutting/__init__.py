"""Old calls become fewer rows, without losing a total: those that nothing tells apart are merged into one."""
