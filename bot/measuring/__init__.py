"""What `kefu bench` and `kefu board` measure, on this machine and without anybody's data."""
