"""Which hosts look like AI services that Tollway does not read, and who goes there how much; all pure."""
