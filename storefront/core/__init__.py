"""What every app stands on: money, sealed secrets, references, the queue. It knows no app."""
