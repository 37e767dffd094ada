"""What people and programs that watch a proxy are told of it."""
