"""Servers that nobody here wrote, for plugins to be tested against: two lines of use each.

Ask for the fixture by name; it is started once a test process, and is as new for each test.

    def test_…(emulate: Emulate) -> None:      # GitHub, Google (Drive, Calendar), Slack, Linear: stateful, OAuth
        emulate.github.url, .token, .other_token, .oauth.id, .oauth.secret, .app.private_key

`seed.yaml` says what is in them. `emulate.redirects_to("http://127.0.0.1:PORT")` lets their OAuth apps send people
back to /connect/<service>/callback there, `emulate.forget("github", token)` makes a token a dead one, and
`emulate.insert("github", "workflows", …)` adds a row that no call can make.

    def test_…(radicale: CalDav) -> None:      # CalDAV: the calendars {url}/ana/work/ and {url}/ben/work/
        radicale.url, .user, .password, .other_user
"""
