"""What pages of the admin may ask of the desk."""
