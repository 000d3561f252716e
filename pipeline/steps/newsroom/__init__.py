"""The sample newsroom's site: articles, templates and an anchor moment in, resources out.

`reading` understands the files, `feeds` and `pages` render one document each, `site`
puts them at their addresses. Nothing here asks the clock or the disk.
"""
