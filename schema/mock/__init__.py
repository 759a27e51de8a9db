"""A stand-in for both APIs: answers from the schemas' snapshots alone, with no database.

For front-end work before, or without, an installation of one's own: `manage.py mock_api`.
"""
