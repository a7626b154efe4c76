"""What templates say about answers."""
