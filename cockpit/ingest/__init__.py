"""The doors: HTTP and files. Events are decoded, checked against the catalogue, and handed to the store."""
