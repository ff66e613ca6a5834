"""The serving process: web server, local API, health."""
