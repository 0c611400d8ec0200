"""What the mentor says: the action server, the guide library and the reply vocabulary."""
