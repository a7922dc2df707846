"""The partner's endpoints, one module for each part of the reference.

A handler takes the world and a request (and what its path names) and returns the answer's payload;
it raises Refused to say no. Authentication has happened before.
"""
