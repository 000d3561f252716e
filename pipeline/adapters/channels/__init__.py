"""The ways out for digests: mail, files, a command, a web hook, chat services."""
