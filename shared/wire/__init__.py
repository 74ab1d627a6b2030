"""The newsroom's own words: the wire file, the feeds that it and the desk define, and which stories they want."""
