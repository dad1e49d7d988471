"""What the pages read that look across apps."""
