"""Database sources: what data/sources.toml names is fetched, month by month, into data/raw as Parquet.

Belongs here: connections, statements, the files that a fetch leaves. How those files are read is in pipelines/ingest, as for any
other file: building a month never opens a connection.
"""
