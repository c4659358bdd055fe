"""Telling people outside what happens to alerts: by mail, by webhook, by whatever apprise reaches."""
