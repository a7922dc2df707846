"""The sandbox partner: as strict as the reference, and as troublesome as asked."""
