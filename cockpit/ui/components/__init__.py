"""Own components of the screen, each a folder with its script and style."""
