"""What `test` is made of: servers to put around a proxy, a client that sends exactly what it is told, the cases."""
