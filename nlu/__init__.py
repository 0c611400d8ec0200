"""What people say, and everything of ours that runs inside Rasa (Python 3.10)."""
