"""One module per outside thing: network, disk, database, processes, clock, mail."""
