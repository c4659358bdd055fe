"""What the web process is made of: routes, security headers, life span."""
