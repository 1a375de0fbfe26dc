"""What notify keeps in MongoDB. The only package of this service that knows a driver."""
