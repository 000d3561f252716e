"""Fetching over HTTP: guarded, bounded, polite. The only home of urllib3."""

from pipeline.adapters.http.fetcher import HttpFetcher
from pipeline.adapters.http.hosts import ForgetfulHosts

__all__ = ["ForgetfulHosts", "HttpFetcher"]
