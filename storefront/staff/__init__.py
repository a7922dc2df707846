"""The desk of those who work here: what needs a person, and who may do what."""
