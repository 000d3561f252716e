"""The daemon: a small parent that knows what is due, and children that do it and go.

The parent imports neither the settings (pydantic) nor any job: what costs memory lives in
children, which come for one piece of work each. A child that dies costs what it had in hand.
"""
