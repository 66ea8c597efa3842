"""Everything that is ever asked of Linear: fixed GraphQL documents, valid by its published schema."""

from __future__ import annotations

_PAGE = "pageInfo { hasNextPage endCursor }"
_ROW = """
  id identifier title url priorityLabel dueDate updatedAt
  team { id key } state { id name } assignee { id name email } project { id name } cycle { id number }
  priority labels(first: 20) { nodes { id name } }
"""

VIEWER = "query Viewer { viewer { name email } organization { name urlKey } }"

TEAMS = (
    "query Teams($first: Int, $after: String) { teams(first: $first, after: $after) {"
    f" nodes {{ id key name description }} {_PAGE} }} }}"
)

TEAM = """
query Team($filter: TeamFilter) { teams(first: 1, filter: $filter) { nodes {
  id key name
  states(first: 100) { nodes { id name } }
  activeCycle { id number }
  cycles(first: 50) { nodes { id number } }
} } }
"""

LABELS = (
    "query Labels($first: Int, $after: String) { issueLabels(first: $first, after: $after) {"
    f" nodes {{ id name description team {{ key }} }} {_PAGE} }} }}"
)

USERS = (
    "query Users($first: Int, $after: String) { users(first: $first, after: $after) {"
    f" nodes {{ id name displayName email isMe }} {_PAGE} }} }}"
)

PROJECT_NAMES = (
    "query ProjectNames($first: Int, $after: String) { projects(first: $first, after: $after) {"
    f" nodes {{ id name }} {_PAGE} }} }}"
)

PROJECTS = (
    "query Projects($first: Int, $after: String, $filter: ProjectFilter) {"
    " projects(first: $first, after: $after, filter: $filter) { nodes {"
    " id name url progress health targetDate status { name } lead { name }"
    f" teams(first: 20) {{ nodes {{ key }} }} }} {_PAGE} }} }}"
)

PROJECT = """
query Project($id: String!) { project(id: $id) { id name url teams(first: 50) { nodes { key } } } }
"""

CYCLES = (
    "query Cycles($first: Int, $after: String, $filter: CycleFilter) {"
    " cycles(first: $first, after: $after, filter: $filter) { nodes {"
    " id number name startsAt endsAt progress isActive isNext isPast"
    f" team {{ key }} }} {_PAGE} }} }}"
)

ISSUES = (
    "query Issues($first: Int, $after: String, $filter: IssueFilter) {"
    f" issues(first: $first, after: $after, filter: $filter) {{ nodes {{ {_ROW} }} {_PAGE} }} }}"
)

SEARCH = (
    "query Search($term: String!, $first: Int, $after: String, $filter: IssueFilter) {"
    " searchIssues(term: $term, first: $first, after: $after, filter: $filter, includeComments: true) {"
    f" nodes {{ {_ROW} }} {_PAGE} }} }}"
)

ISSUE = (
    f"query Issue($id: String!) {{ issue(id: $id) {{ {_ROW} description createdAt creator {{ name }} }} }}"
)

COMMENTS = (
    "query Comments($id: String!, $first: Int, $after: String) { issue(id: $id) {"
    " comments(first: $first, after: $after) { nodes { id body createdAt user { name } }"
    f" {_PAGE} }} }} }}"
)

COMMENT = "query Comment($id: String!) { comment(id: $id) { id body updatedAt createdAt issue { identifier url } } }"

CREATE_ISSUE = f"""
mutation CreateIssue($input: IssueCreateInput!) {{ issueCreate(input: $input) {{ success issue {{ {_ROW} }} }} }}
"""

UPDATE_ISSUE = f"""
mutation UpdateIssue($id: String!, $input: IssueUpdateInput!) {{
  issueUpdate(id: $id, input: $input) {{ success issue {{ {_ROW} description }} }}
}}
"""

DELETE_ISSUE = "mutation DeleteIssue($id: String!) { issueDelete(id: $id) { success } }"

CREATE_COMMENT = """
mutation CreateComment($input: CommentCreateInput!) { commentCreate(input: $input) { success comment { id } } }
"""

DELETE_COMMENT = "mutation DeleteComment($id: String!) { commentDelete(id: $id) { success } }"

CREATE_PROJECT_UPDATE = """
mutation CreateProjectUpdate($input: ProjectUpdateCreateInput!) {
  projectUpdateCreate(input: $input) { success projectUpdate { id url } }
}
"""

PROJECT_UPDATE = """
query ProjectUpdate($id: String!) { projectUpdate(id: $id) { id url body health project { name } } }
"""

ARCHIVE_PROJECT_UPDATE = (
    "mutation ArchiveProjectUpdate($id: String!) { projectUpdateArchive(id: $id) { success } }"
)
