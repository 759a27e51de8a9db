"""The default Word template of certificates, and the script that makes it."""
