"""What a solved study says: quantities, verdict, files, pictures, report."""
