"""Checking saved answers again, against the documents as they are now (`verify`) or by asking anew (`again`)."""
