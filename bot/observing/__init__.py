"""What whoever runs the bot can see of it: figures (Prometheus), health, one id through all logs, traces."""
