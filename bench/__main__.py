"""`make bench`: all measurements of the running mentor."""

from bench import conversation

if __name__ == "__main__":
    conversation.main()
