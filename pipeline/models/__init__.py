"""The frozen values that flow through the pipeline, one module per stage.

feeds → pages → articles → tags → stories → digests; `policies` holds what the
configuration decides, `runs` what a job reports.
"""
