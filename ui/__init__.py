"""What people see: the web chat, the command line, and the wiring of the parts."""
