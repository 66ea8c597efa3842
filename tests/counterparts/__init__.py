"""Servers that nobody here wrote, for plugins to be tested against: two lines of use each.

Ask for the fixture by name; it is started once a test process, and is as new for each test.

    def test_…(emulate: Emulate) -> None:      # GitHub, Google (Drive, Calendar), Slack, Linear: stateful, OAuth
        emulate.github.url, .token, .other_token, .oauth.id, .oauth.secret, .app.private_key

`seed.yaml` says what is in them. `emulate.redirects_to("http://127.0.0.1:PORT")` lets their OAuth apps send people
back to /connect/<service>/callback there, `emulate.forget("github", token)` makes a token a dead one, and
`emulate.insert("github", "workflows", …)` adds a row that no call can make.

    def test_…(radicale: CalDav) -> None:      # CalDAV: the calendars {url}/ana/work/ and {url}/ben/work/
        radicale.url, .user, .password, .other_user

    def test_…(prism: Callable[[str], Prism]) -> None:      # github, google, calendar, jira, confluence, notion, slack
        running = prism("jira"); running.url; running.calls[-1].body, .status, .violations

prism holds each request to the official specification (a wrong one gets 400 or 422, and says why in `.violations`) and
answers with its example. `running.answer("GET", "/rest/api/3/search/jql", {"issues": […]})` says what the next such
request gets instead: also `code=409`, `headers={"Retry-After": "30"}`, `media="text/plain"`. An answer that the
specification does not know is a 500. `google` is Docs, Sheets, Slides and Drive at one address, `jira` is v3 and
agile, `confluence` is v2 below /wiki/api/v2 and v1's searching below /wiki/rest/api (both also where Atlassian's
gateway has the site `acme`: /ex/jira/acme, /ex/confluence/acme),
`notion` is the types of its own client, with Notion-Version asked for; `slack` is the specification of 2020 (it has
search.messages) below /api/, `slack-answers` what came since (canvases), by Slack's recorded answers and its client.

    def test_…(oauth_provider: OAuthProvider) -> None:      # OAuth 2 and OpenID, for Atlassian and sign-in with Slack
        oauth_provider.url + "/authorize", "/token", "/userinfo"; .deny(), .refuse(), .forget(), .person(sub=…)

    def test_…(emulate: Emulate, wire_to: Callable[[str], Wire]) -> None:      # what is lost on the way
        wire = wire_to(emulate.github.url); wire.lose_answer(); wire.lose_request(); wire.refuse(429, Retry_After="30")
        … wire.url …; wire.sent == [("POST", "/repos/…")]

Each plugin has `rows/<plugin>.toml`: every action of it, and what its tests talk to (`table.py` knows the words). A
row that says nothing true, an action without a row and a row without an action fail `test_table.py`.
"""
