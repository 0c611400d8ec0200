"""The `mentor` command: set-up, running, training and looking after the content."""
