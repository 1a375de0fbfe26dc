"""What notify keeps in MongoDB. The only room of this house that knows a driver."""
